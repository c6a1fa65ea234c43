import { fromCursor, type Page, type PageRequest, toPage } from "../page.ts";
import type { Agent } from "./agent.ts";
import type { AgentStore } from "./store.ts";

/** Newest first; `name` matches whole names, whatever their case. */
export async function listAgents(
  store: AgentStore,
  request: PageRequest & { readonly name?: string | undefined },
): Promise<Page<Agent>> {
  const { limit, cursor, name } = request;
  return toPage(await store.list({ limit: limit + 1, beforeId: fromCursor(cursor), name }), limit);
}
