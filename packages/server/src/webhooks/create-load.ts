import type { AgentStore } from "../agents/store.ts";
import { AppError } from "../app-error.ts";
import { readCall } from "../calls/read-call.ts";
import { readEntries } from "../calls/read-entries.ts";
import type { CallStore } from "../calls/store.ts";
import type { ContactStore } from "../contacts/store.ts";
import type { WebhookLoad } from "./webhook-dialect.ts";

/** Where conversations are read from, in one workspace. */
export type ConversationSource = (workspaceId: string) => Pick<WebhookLoad, "conversation" | "history">;

/** For where there are none. */
export const noConversations: ConversationSource = () => ({
  conversation: async () => undefined,
  history: async () => [],
});

/** What dialects may read for a body. */
export function createLoad(deps: {
  readonly calls: CallStore;
  readonly agents: AgentStore;
  /** Absent: nobody is known. */
  readonly contacts?: ContactStore;
  readonly conversations: ConversationSource;
}): (workspaceId: string) => WebhookLoad {
  return (workspaceId) => ({
    call: (callId) => unlessMissing(readCall(deps.calls, workspaceId, callId)),
    journal: (callId) => readEntries(deps.calls, callId),
    async agent(agentId) {
      return (await deps.agents.find(workspaceId, agentId))?.agent;
    },
    contact: async (phoneNumber) => deps.contacts?.findByNumber(workspaceId, phoneNumber),
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
