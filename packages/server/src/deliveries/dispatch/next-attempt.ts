/** When a delivery is tried again, and when an endpoint gets a pause. */
import type { RetryPolicy } from "../../webhooks/webhook-dialect.ts";
import type { Attempt, ClaimedDelivery, DeliveryResult, EndpointNews } from "./claimed-delivery.ts";

/** Failures in a row that open an endpoint's circuit. */
export const BREAKER_FAILURES = 10;
/** The first pause; each further one is twice as long. */
export const FIRST_PAUSE_MS = 30_000;
/** The longest is 30 s * 2^6 = 32 minutes. */
export const PAUSE_DOUBLINGS = 6;

const MAX_RETRY_AFTER_MS = 6 * 3_600_000;

/** @param random from 0 to below 1 */
export function toResult(
  delivery: ClaimedDelivery,
  attempt: Attempt,
  { retries, nowMs, random }: { readonly retries: RetryPolicy; readonly nowMs: number; readonly random: number },
): DeliveryResult {
  const end = (status: DeliveryResult["status"]): DeliveryResult => ({
    ...{ delivery, attempt, status },
    nextAttemptAtMs: undefined,
  });
  switch (attempt.outcome) {
    case "succeeded":
      return end("delivered");
    case "not_told":
      return end("dropped");
    case "gone":
    case "undeliverable":
      return end("failed");
    case "failed": {
      const attempts = delivery.attempts + 1;
      if (retries.maxAttempts !== undefined && attempts >= retries.maxAttempts) return end("failed");
      const nextAttemptAtMs = nowMs + delayMs(retries, { attempts, random, retryAfterMs: attempt.retryAfterMs });
      return nextAttemptAtMs > delivery.expiresAtMs ? end("failed") : { ...end("pending"), nextAttemptAtMs };
    }
  }
}

/** Full jitter: anything up to a limit that doubles with each attempt; never sooner than the receiver asked for. */
function delayMs(
  { firstDelayMs, maxDelayMs }: RetryPolicy,
  given: { readonly attempts: number; readonly random: number; readonly retryAfterMs: number | undefined },
): number {
  const limitMs = Math.min(maxDelayMs, firstDelayMs * 2 ** (given.attempts - 1));
  return Math.max(Math.round(limitMs * given.random), Math.min(given.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
}

/** What a batch of results tells of their endpoints. */
export function toEndpointNews(results: readonly DeliveryResult[]): EndpointNews[] {
  const news = new Map<string, EndpointNews>();
  for (const { delivery, attempt } of results) {
    const { outcome } = attempt;
    if (outcome === "undeliverable" || outcome === "not_told") continue;
    const endpointId = delivery.endpoint.id;
    const before = news.get(endpointId) ?? { endpointId, hasSucceeded: false, trailingFailures: 0, isGone: false };
    const isSuccess = outcome === "succeeded";
    news.set(endpointId, {
      endpointId,
      hasSucceeded: before.hasSucceeded || isSuccess,
      trailingFailures: isSuccess ? 0 : before.trailingFailures + 1,
      isGone: before.isGone || outcome === "gone",
    });
  }
  return [...news.values()];
}
