import { fromCursor, type Page, type PageRequest, toPage } from "../page.ts";
import type { Call } from "./call.ts";
import type { CallFilter, CallStore } from "./store.ts";

/** Newest first, without transcripts. */
export async function listCalls(
  calls: CallStore,
  request: PageRequest & Pick<CallFilter, "agentId" | "status">,
): Promise<Page<Call>> {
  const { limit, cursor, ...filter } = request;
  return toPage(await calls.list({ ...filter, limit: limit + 1, beforeId: fromCursor(cursor) }), limit);
}
