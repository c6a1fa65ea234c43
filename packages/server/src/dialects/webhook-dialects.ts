import type { WebhookDialect } from "../webhooks/webhook-dialect.ts";
import { agentPhoneWebhooks } from "./agentphone/webhooks.ts";
import { hmsWebhooks } from "./hms/webhooks.ts";
import { voicyWebhooks } from "./voicy/webhooks.ts";
import { wordcabWebhooks } from "./wordcab/webhooks.ts";

/** How each vendor's webhooks are told. */
export const webhookDialects: readonly WebhookDialect[] = [
  agentPhoneWebhooks,
  hmsWebhooks,
  voicyWebhooks,
  wordcabWebhooks,
];
