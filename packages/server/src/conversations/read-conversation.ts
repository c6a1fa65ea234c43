import { AppError } from "../app-error.ts";
import type { Conversation } from "./conversation.ts";
import type { ConversationStore } from "./store.ts";

/** @throws AppError `not_found` */
export async function readConversation(
  store: ConversationStore,
  workspaceId: string,
  id: string,
): Promise<Conversation> {
  const conversation = await store.find(workspaceId, id);
  if (conversation === undefined) throw conversationNotFound(id);
  return conversation;
}

export function conversationNotFound(id: string): AppError {
  return new AppError("not_found", `there is no conversation "${id}"`);
}
