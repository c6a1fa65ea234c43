import type { AgentStore } from "../agents/store.ts";
import { AppError } from "../app-error.ts";
import { readCall } from "../calls/read-call.ts";
import type { CallStore } from "../calls/store.ts";
import type { ContactStore } from "../contacts/store.ts";
import type { ConversationStore } from "../conversations/store.ts";
import type { MessageStore } from "../messages/store.ts";
import type { WebhookLoad } from "./webhook-dialect.ts";

/** Where conversations are read from, in one workspace. */
export type ConversationSource = (workspaceId: string) => Pick<WebhookLoad, "conversation" | "history">;

/** For where there are none. */
export const noConversations: ConversationSource = () => ({
  conversation: async () => undefined,
  history: async () => [],
});

/** From the stores. */
export function createConversationSource(deps: {
  readonly conversations: ConversationStore;
  readonly messages: MessageStore;
}): ConversationSource {
  return (workspaceId) => ({
    async conversation(conversationId) {
      const found = await deps.conversations.find(workspaceId, conversationId);
      if (found === undefined) return undefined;
      const { id, participant, phoneNumber, metadata } = found;
      return { id, participant, phoneNumber, metadata };
    },
    async history(conversationId, limit) {
      if (limit === 0) return [];
      const newest = await deps.messages.list(workspaceId, { conversationId, limit });
      return newest.toReversed().map(({ id, body, direction, channel, createdAt }) => ({
        ...{ messageId: id, body, direction, channel, createdAt },
      }));
    },
  });
}

/** What dialects may read for a body. */
export function createLoad(deps: {
  readonly calls: CallStore;
  readonly agents: AgentStore;
  readonly contacts: ContactStore;
  readonly conversations: ConversationSource;
}): (workspaceId: string) => WebhookLoad {
  return (workspaceId) => ({
    call: (callId) => unlessMissing(readCall(deps.calls, workspaceId, callId)),
    async agent(agentId) {
      return (await deps.agents.find(workspaceId, agentId))?.agent;
    },
    contact: (phoneNumber) => deps.contacts.findByNumber(workspaceId, phoneNumber),
    ...deps.conversations(workspaceId),
  });
}

async function unlessMissing<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return undefined;
    throw error;
  }
}
