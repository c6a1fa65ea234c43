import type { WebhookDialect } from "../webhooks/webhook-dialect.ts";

/** How each vendor's webhooks are told. */
export const webhookDialects: readonly WebhookDialect[] = [];
