import { fromCursor, type Page, type PageRequest, toPageBy } from "../page.ts";
import type { AgentStore } from "./store.ts";
import type { StoredAgent } from "./stored-agent.ts";

/** Newest first; `name` matches whole names, whatever their case. */
export async function listAgents(
  store: AgentStore,
  workspaceId: string,
  request: PageRequest & { readonly name?: string | undefined },
): Promise<Page<StoredAgent>> {
  const { limit, cursor, name } = request;
  const rows = await store.list(workspaceId, { limit: limit + 1, beforeId: fromCursor(cursor), name });
  return toPageBy(rows, limit, ({ agent }) => agent.id);
}
