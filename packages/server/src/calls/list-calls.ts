import { fromCursor, type Page, type PageRequest, toPage } from "../page.ts";
import type { Call } from "./call.ts";
import type { CallFilter, CallStore } from "./store.ts";

/** Newest first, without transcripts. */
export async function listCalls(
  calls: CallStore,
  workspaceId: string,
  request: PageRequest & CallFilter,
): Promise<Page<Call>> {
  const { limit, cursor, ...filter } = request;
  return toPage(await calls.list(workspaceId, { ...filter, limit: limit + 1, beforeId: fromCursor(cursor) }), limit);
}
