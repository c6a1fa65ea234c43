import { fromCursor, type Page, type PageRequest, toPage } from "../page.ts";
import type { Conversation } from "./conversation.ts";
import type { ConversationFilter, ConversationStore } from "./store.ts";

/** Newest first. */
export async function listConversations(
  store: ConversationStore,
  workspaceId: string,
  { limit, cursor, ...filter }: PageRequest & ConversationFilter,
): Promise<Page<Conversation>> {
  return toPage(await store.list(workspaceId, { ...filter, limit: limit + 1, beforeId: fromCursor(cursor) }), limit);
}
