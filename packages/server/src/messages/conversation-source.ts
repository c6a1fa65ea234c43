import type { ConversationStore } from "../conversations/store.ts";
import type { ConversationSource } from "../webhooks/create-load.ts";
import type { MessageStore } from "./store.ts";

/** What webhooks tell of a conversation besides the message itself. */
export function createConversationSource(deps: {
/** What webhooks may tell of conversations besides their events. */
export function createConversationSource(stores: {
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
    async conversation(id) {
      const found = await stores.conversations.find(workspaceId, id);
      if (found === undefined) return undefined;
      const { participant, phoneNumber, metadata } = found;
      return { id, participant, phoneNumber, metadata };
    },
    async history(conversationId, limit) {
      const newest = limit === 0 ? [] : await stores.messages.list(workspaceId, { conversationId, limit });
      return newest
        .map(({ id, body, direction, channel, createdAt }) => ({ messageId: id, body, direction, channel, createdAt }))
        .toReversed();
    },
  });
}
