import type { ConversationStore } from "../conversations/store.ts";
import type { ConversationSource } from "../webhooks/create-load.ts";
import type { MessageStore } from "./store.ts";

/** What webhooks tell of a conversation besides the message itself. */
export function createConversationSource(deps: {
  readonly conversations: ConversationStore;
  readonly messages: MessageStore;
}): ConversationSource {
  return (workspaceId) => ({
    async conversation(conversationId) {
      const conversation = await deps.conversations.find(workspaceId, conversationId);
      if (conversation === undefined) return undefined;
      const { id, participant, phoneNumber, metadata } = conversation;
      return { id, participant, phoneNumber, metadata };
    },
    async history(conversationId, limit) {
      if (limit === 0) return [];
      const newestFirst = await deps.messages.list(workspaceId, { conversationId, limit });
      return newestFirst.toReversed().map(({ id, body, direction, channel, createdAt }) => ({
        messageId: id,
        ...{ body, direction, channel, createdAt },
      }));
    },
  });
}
