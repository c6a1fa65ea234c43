import type { WebhookDialect } from "../webhooks/webhook-dialect.ts";
import { voicyWebhooks } from "./voicy/webhooks.ts";

/** How each vendor's webhooks are told. */
export const webhookDialects: readonly WebhookDialect[] = [voicyWebhooks];
