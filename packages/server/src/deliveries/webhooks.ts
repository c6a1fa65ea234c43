import type { UrlGuard } from "../outbound-http/guard-url.ts";
import type { Vault } from "../secrets/vault.ts";
import type { Database } from "../storage/database.ts";
import type { WallClock } from "../wall-clock.ts";
import { earshotDialect } from "../webhooks/earshot-dialect.ts";
import { createWebhookEndpointStore, type WebhookEndpointStore } from "../webhooks/store.ts";
import type { WebhookDialect, WebhookLoad } from "../webhooks/webhook-dialect.ts";
import type { AttemptDeps } from "./dispatch/attempt-delivery.ts";
import { Dispatcher, type DispatcherDeps } from "./dispatch/dispatcher.ts";
import { createDeliveryQueue, type DeliveryQueue } from "./dispatch/store.ts";
import { createDeliveryStore, type DeliveryStore } from "./store.ts";

/** All that is needed to manage webhooks and to send them. */
export type Webhooks = {
  readonly endpoints: WebhookEndpointStore;
  readonly deliveries: DeliveryStore;
  readonly queue: DeliveryQueue;
  readonly guard: UrlGuard;
  readonly attempts: AttemptDeps;
  /** To be called after the commit of `recordEvents`. Does nothing before `start`. */
  wake(): void;
  /** Begins to deliver. */
  start(options: Pick<DispatcherDeps, "isAlone" | "onError" | "onAttempt">): Promise<void>;
  /** Lets what is in flight finish. Idempotent. */
  close(): Promise<void>;
};

/** @param options `dialects`: of the vendors; ours is there anyway */
export function createWebhooks(options: {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: WallClock;
  readonly guard: UrlGuard;
  readonly load: (workspaceId: string) => WebhookLoad;
  readonly dialects?: readonly WebhookDialect[];
}): Webhooks {
  const { database, vault, clock, guard, load, dialects = [] } = options;
  const byName = new Map([earshotDialect, ...dialects].map((dialect) => [dialect.name, dialect]));
  const attempts: AttemptDeps = { guard, vault, clock, load, dialects: byName };
  const queue = createDeliveryQueue(database);
  let dispatcher: Dispatcher | undefined;
  return {
    endpoints: createWebhookEndpointStore(database),
    deliveries: createDeliveryStore(database),
    queue,
    guard,
    attempts,
    wake: () => dispatcher?.wake(),
    async start(given) {
      dispatcher = await Dispatcher.start({ ...attempts, queue, ...given });
    },
    async close() {
      await dispatcher?.close();
    },
  };
}
