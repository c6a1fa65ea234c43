/** Webhooks and their deliveries as AgentPhone's clients read them. */
import { z } from "zod";
import type { DeliveryStats } from "../../deliveries/delivery.ts";
import type { AnsweredDelivery } from "../../deliveries/store.ts";
import type { Vault } from "../../secrets/vault.ts";
import { openSecrets } from "../../webhooks/signing-secrets.ts";
import type { WebhookEndpoint } from "../../webhooks/webhook-endpoint.ts";
import { contextLimit, DEFAULT_CONTEXT_LIMIT, DEFAULT_TIMEOUT_MS, toEventName } from "./webhooks.ts";

export const webhookShape = z.looseObject({
  url: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).max(2000),
  contextLimit: z.number().int().min(0).max(50).nullish(),
  timeout: z.number().int().min(5).max(120).nullish(),
});

export function fromWebhook({ url, contextLimit: limit, timeout }: z.output<typeof webhookShape>) {
  const timeoutMs = timeout === null || timeout === undefined ? DEFAULT_TIMEOUT_MS : timeout * 1000;
  return { url, contextLimit: limit ?? DEFAULT_CONTEXT_LIMIT, timeoutMs };
}

/** With its secret, which the vendor shows whenever it is asked. */
export function toWebhook(vault: Vault, endpoint: WebhookEndpoint) {
  const { id, url, sealedSecret, settings, isEnabled, createdAt } = endpoint;
  const { timeoutMs } = settings;
  return {
    id,
    url,
    secret: sealedSecret === undefined ? "" : openSecrets(vault, id, sealedSecret).current,
    status: isEnabled ? "active" : "disabled",
    contextLimit: contextLimit(endpoint),
    timeout: Math.round((typeof timeoutMs === "number" ? timeoutMs : DEFAULT_TIMEOUT_MS) / 1000),
    createdAt,
  };
}

export function toDelivery(delivery: AnsweredDelivery) {
  const { id, eventType, status, responseStatus, error, responseBody, attempts, data, createdAt } = delivery;
  return {
    id,
    messageId: "messageId" in data ? data.messageId : null,
    eventType: toEventName(eventType) ?? eventType,
    channel: "channel" in data ? data.channel : toChannel(eventType),
    status: toStatus(status),
    httpStatus: responseStatus ?? null,
    errorMessage: error ?? null,
    responseBody: responseBody ?? null,
    attemptCount: attempts,
    lastAttemptAt: delivery.lastAttemptAt ?? null,
    nextRetryAt: status === "pending" ? (delivery.nextAttemptAt ?? null) : null,
    createdAt,
  };
}

export function toStats({ total, success, failed, pending, successRate, byEventType, byHour }: DeliveryStats) {
  const byName: Record<string, Record<string, number>> = {};
  for (const [type, counts] of Object.entries(byEventType)) {
    const name = toEventName(type as AnsweredDelivery["eventType"]) ?? type;
    const of = byName[name] ?? {};
    byName[name] = of;
    for (const [status, count = 0] of Object.entries(counts)) {
      const shown = toStatus(status as AnsweredDelivery["status"]);
      of[shown] = (of[shown] ?? 0) + count;
    }
  }
  return { total, success, failed, pending, successRate: toPercent(successRate), byEventType: byName, byHour };
}

/** To the hundredth. */
export function toPercent(share: number | undefined): number {
  return Math.round((share ?? 0) * 10_000) / 100;
}

function toStatus(status: AnsweredDelivery["status"]): "success" | "failed" | "pending" {
  return status === "delivered" ? "success" : status;
}

function toChannel(eventType: AnsweredDelivery["eventType"]): string {
  return eventType.startsWith("call.") ? "voice" : "sms";
}
