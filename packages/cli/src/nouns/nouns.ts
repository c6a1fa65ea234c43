import { agentNoun } from "../agents/agent-noun.ts";
import { apiKeyNoun } from "../api-keys/api-key-noun.ts";
import { callNoun } from "../calls/call-noun.ts";
import { modelNoun } from "../models/model-noun.ts";
import { voiceNoun } from "../voices/voice-noun.ts";
import { webhookDeliveryNoun } from "../webhooks/webhook-delivery-noun.ts";
import { webhookEndpointNoun } from "../webhooks/webhook-endpoint-noun.ts";
import { workspaceNoun } from "../workspaces/workspace-noun.ts";
import type { Noun } from "./noun.ts";

/** In the order in which help shows them. */
export const nouns: readonly Noun[] = [
  agentNoun,
  callNoun,
  voiceNoun,
  modelNoun,
  webhookEndpointNoun,
  webhookDeliveryNoun,
  workspaceNoun,
  apiKeyNoun,
];
