import type { WebhookLoad } from "../../webhooks/webhook-dialect.ts";

/** For dialects that read nothing, as ours. */
export const emptyLoad: WebhookLoad = {
  call: async () => undefined,
  agent: async () => undefined,
  contact: async () => undefined,
  conversation: async () => undefined,
  history: async () => [],
};
