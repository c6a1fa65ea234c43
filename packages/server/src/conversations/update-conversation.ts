import type { WallClock } from "../wall-clock.ts";
import type { Conversation, ConversationBackground, ConversationPatch } from "./conversation.ts";
import { conversationNotFound } from "./read-conversation.ts";
import type { ConversationStore } from "./store.ts";

/** What is absent stays, null removes. @throws AppError `not_found` */
export async function updateConversation(
  { conversations, clock }: { readonly conversations: ConversationStore; readonly clock: WallClock },
  workspaceId: string,
  change: {
    readonly id: string;
    readonly patch: ConversationPatch & { readonly background?: ConversationBackground | null | undefined };
  },
): Promise<Conversation> {
  const updatedAt = clock.now().toISOString();
  const updated = await conversations.update(workspaceId, change.id, (current) => {
    const { metadata: hadMetadata, groupName: hadName, background: hadBackground, ...rest } = current;
    const { metadata = hadMetadata, groupName = hadName, background = hadBackground } = change.patch;
    return {
      ...rest,
      ...(isSet(metadata) ? { metadata } : {}),
      ...(isSet(groupName) ? { groupName } : {}),
      ...(isSet(background) ? { background } : {}),
      updatedAt,
    };
  });
  if (updated === undefined) throw conversationNotFound(change.id);
  return updated;
}

function isSet<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}
