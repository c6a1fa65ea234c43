import { and, count, desc, eq, isNull, lt } from "drizzle-orm";
import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { workspaces } from "../storage/schema.ts";
import type { Workspace } from "./workspace.ts";

export interface WorkspaceStore {
  insert(workspace: Workspace): Promise<void>;
  find(id: string): Promise<Workspace | undefined>;
  /** Those that `parentId` made, newest first. */
  list(
    parentId: string,
    options: { readonly limit: number; readonly beforeId?: string | undefined; readonly offset?: number | undefined },
  ): Promise<Workspace[]>;
  count(parentId: string): Promise<number>;
  /** False when there is no such workspace. */
  replace(workspace: Workspace): Promise<boolean>;
  /** False when there is no such workspace. Its objects stay stored but out of reach. */
  remove(id: string, removedAt: Date): Promise<boolean>;
}

export function createWorkspaceStore({ drizzle }: Database): WorkspaceStore {
  const isThere = (id: string) => and(eq(workspaces.id, id), isNull(workspaces.deletedAt));
  const isChild = (parentId: string) => and(eq(workspaces.parentId, parentId), isNull(workspaces.deletedAt));

  return withoutParameters<WorkspaceStore>({
    async insert(workspace) {
      await drizzle.insert(workspaces).values(toRow(workspace));
    },
    async find(id) {
      const [row] = await drizzle.select().from(workspaces).where(isThere(id));
      return row === undefined ? undefined : toWorkspace(row);
    },
    async list(parentId, { limit, beforeId, offset }) {
      const rows = await drizzle
        .select()
        .from(workspaces)
        .where(and(isChild(parentId), beforeId === undefined ? undefined : lt(workspaces.id, beforeId)))
        .orderBy(desc(workspaces.id))
        .limit(limit)
        .offset(offset ?? 0);
      return rows.map(toWorkspace);
    },
    async count(parentId) {
      const [total] = await drizzle.select({ children: count() }).from(workspaces).where(isChild(parentId));
      return total?.children ?? 0;
    },
    async replace(workspace) {
      const replaced = await drizzle
        .update(workspaces)
        .set(toRow(workspace))
        .where(isThere(workspace.id))
        .returning({ id: workspaces.id });
      return replaced.length === 1;
    },
    async remove(id, removedAt) {
      const removed = await drizzle
        .update(workspaces)
        .set({ deletedAt: removedAt })
        .where(isThere(id))
        .returning({ id: workspaces.id });
      return removed.length === 1;
    },
  });
}

function toRow({ id, parentId, name, createdAt, updatedAt, ...settings }: Workspace) {
  return {
    id,
    parentId: parentId ?? null,
    name,
    settings,
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
  };
}

function toWorkspace(row: typeof workspaces.$inferSelect): Workspace {
  return {
    metadata: {},
    ...(row.settings as Partial<Workspace>),
    id: row.id,
    ...(row.parentId === null ? {} : { parentId: row.parentId }),
    name: row.name,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
