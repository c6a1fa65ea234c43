import type { WebhookDialect } from "../webhooks/webhook-dialect.ts";
import { agentPhoneWebhooks } from "./agentphone/webhooks.ts";
import { createHmsWebhooks } from "./hms/webhooks.ts";
import { createVoicyWebhooks } from "./voicy/webhooks.ts";
import { wordcabWebhooks } from "./wordcab/webhooks.ts";

type Deps = Parameters<typeof createVoicyWebhooks>[0] & Parameters<typeof createHmsWebhooks>[0];

/** How each vendor's webhooks are told. */
export function createWebhookDialects(deps: Deps): readonly WebhookDialect[] {
  return [agentPhoneWebhooks, createHmsWebhooks(deps), createVoicyWebhooks(deps), wordcabWebhooks];
}
