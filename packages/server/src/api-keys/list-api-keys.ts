import { fromCursor, type Page, type PageRequest, toPage } from "../page.ts";
import type { ApiKey } from "./api-key.ts";
import type { ApiKeyStore } from "./store.ts";

/** Keys that aren't revoked, newest first. */
export async function listApiKeys(
  store: ApiKeyStore,
  workspaceId: string,
  { limit, cursor }: PageRequest,
): Promise<Page<ApiKey>> {
  return toPage(await store.list(workspaceId, { limit: limit + 1, beforeId: fromCursor(cursor) }), limit);
}
