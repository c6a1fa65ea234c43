import { newOrderedId, withPrefix } from "../new-id.ts";
import type { EventType } from "../webhooks/domain-event.ts";
import { readEndpoint } from "../webhooks/read-endpoint.ts";
import type { WebhookEndpointStore } from "../webhooks/store.ts";
import type { TestResult } from "./delivery.ts";
import { type AttemptDeps, attemptDelivery } from "./dispatch/attempt-delivery.ts";
import type { ClaimedDelivery } from "./dispatch/claimed-delivery.ts";
import type { DeliveryQueue } from "./dispatch/store.ts";

/** Longer than any attempt: no dispatcher takes it up meanwhile. */
const LEASE_MS = 150_000;

/**
 * Sends an event of type webhook.test to an endpoint, once, and waits for the answer. It is in the log of deliveries
 * like any other, is sent to endpoints that are paused or switched off too, and tells nothing of their health.
 * @throws AppError `not_found`
 */
export async function sendTest(
  deps: { readonly endpoints: WebhookEndpointStore; readonly queue: DeliveryQueue; readonly attempts: AttemptDeps },
  workspaceId: string,
  endpointId: string,
): Promise<TestResult> {
  const endpoint = await readEndpoint(deps.endpoints, workspaceId, endpointId);
  const { clock } = deps.attempts;
  const now = clock.now();
  const id = newOrderedId("evt", now.getTime());
  const type: EventType = "webhook.test";
  const leaseUntil = clock.at(now.getTime() + LEASE_MS);
  const delivery: ClaimedDelivery = {
    id: withPrefix("dlv", id),
    attempts: 0,
    body: undefined,
    expiresAtMs: leaseUntil.getTime(),
    event: {
      ...{ id, type, workspaceId, subjectId: endpointId, createdAt: now.toISOString() },
      ...(endpoint.agentId === undefined ? {} : { agentId: endpoint.agentId }),
      data: { endpointId, message: "This is a test of your webhook." },
    },
    endpoint: { ...endpoint, sealedSecret: endpoint.sealedSecret },
  };
  await deps.queue.insertTest(delivery, { now, leaseUntil });
  const attempt = await attemptDelivery(deps.attempts, delivery, new AbortController().signal);
  const success = attempt.outcome === "succeeded";
  const notTold = attempt.outcome === "not_told" ? "this API has no test event" : undefined;
  const error = attempt.error ?? notTold;
  const status = success ? "delivered" : "failed";
  const result = { delivery, status, nextAttemptAtMs: undefined, attempt } as const;
  await deps.queue.finish([result], [], clock.now());
  return {
    success,
    ...(attempt.responseStatus === undefined ? {} : { statusCode: attempt.responseStatus }),
    durationMs: attempt.durationMs,
    ...(error === undefined ? {} : { error }),
    deliveryId: delivery.id,
  };
}
