import { signEarshot } from "./signature.ts";
import { DAY_OF_RETRIES, type WebhookDialect } from "./webhook-dialect.ts";

const DEFAULT_TIMEOUT_MS = 10_000;

/** Our own webhooks: see docs/webhooks.md. */
export const earshotDialect: WebhookDialect = {
  name: "earshot",
  retries: DAY_OF_RETRIES,
  keepsOrder: true,
  eventName: (type) => type,
  timeoutMs: ({ settings }) => (typeof settings["timeoutMs"] === "number" ? settings["timeoutMs"] : DEFAULT_TIMEOUT_MS),
  async encode({ event: { id, type, createdAt, workspaceId, data } }) {
    return { id, type, createdAt, workspaceId, data };
  },
  headers: ({ deliveryId, eventName, timestampS, body, secrets }) => ({
    "Earshot-Delivery": deliveryId,
    "Earshot-Event": eventName,
    ...(secrets.length === 0 ? {} : { "Earshot-Signature": signEarshot(secrets, { body, timestampS }) }),
  }),
};
