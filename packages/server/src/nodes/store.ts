import { eq, inArray, lt } from "drizzle-orm";
import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { nodes } from "../storage/schema.ts";

export interface NodeStore {
  /** Says that the node lives; the first time also when it started. */
  beat(id: string, at: string): Promise<void>;
  /** Nodes that haven't been heard of since. */
  listSilent(since: string): Promise<string[]>;
  remove(ids: readonly string[]): Promise<void>;
}

export function createNodeStore({ drizzle }: Database): NodeStore {
  return withoutParameters<NodeStore>({
    async beat(id, at) {
      const now = new Date(at);
      await drizzle
        .insert(nodes)
        .values({ id, startedAt: now, heartbeatAt: now })
        .onConflictDoUpdate({ target: nodes.id, set: { heartbeatAt: now }, setWhere: eq(nodes.id, id) });
    },

    async listSilent(since) {
      const silent = await drizzle
        .select({ id: nodes.id })
        .from(nodes)
        .where(lt(nodes.heartbeatAt, new Date(since)));
      return silent.map(({ id }) => id);
    },

    async remove(ids) {
      if (ids.length > 0) await drizzle.delete(nodes).where(inArray(nodes.id, [...ids]));
    },
  });
}
