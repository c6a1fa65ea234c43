/** What tests of deliveries need around a dispatcher: a clock, a guard that lets loopback through, endpoints, events. */
import { randomBytes } from "node:crypto";
import { newId } from "../../new-id.ts";
import { createUrlGuard } from "../../outbound-http/guard-url.ts";
import { createVault } from "../../secrets/vault.ts";
import type { Database } from "../../storage/database.ts";
import { FakeWallClock } from "../../testing/fake-wall-clock.ts";
import { createEndpoint, type EndpointRequest } from "../../webhooks/create-endpoint.ts";
import type { NewDomainEvent } from "../../webhooks/domain-event.ts";
import { earshotDialect } from "../../webhooks/earshot-dialect.ts";
import { createWebhookEndpointStore, recordEvents } from "../../webhooks/store.ts";
import type { WebhookDialect } from "../../webhooks/webhook-dialect.ts";
import type { AttemptDeps } from "../dispatch/attempt-delivery.ts";
import { Dispatcher, type DispatcherDeps, type DispatcherOptions } from "../dispatch/dispatcher.ts";
import { createDeliveryQueue } from "../dispatch/store.ts";
import { createDeliveryStore } from "../store.ts";
import { emptyLoad } from "./empty-load.ts";

export function createDispatchKit(
  database: Database,
  options: { readonly dialects?: readonly WebhookDialect[]; readonly allow?: readonly string[] } = {},
) {
  const clock = new FakeWallClock();
  const guard = createUrlGuard({ allow: options.allow ?? ["127.0.0.1"] });
  const vault = createVault(randomBytes(32));
  const endpoints = createWebhookEndpointStore(database);
  const queue = createDeliveryQueue(database);
  const deliveries = createDeliveryStore(database);
  const dialects = [earshotDialect, ...(options.dialects ?? [])];
  const attempts: AttemptDeps = {
    ...{ guard, vault, clock, load: () => emptyLoad },
    dialects: new Map(dialects.map((dialect) => [dialect.name, dialect])),
  };
  const running: Dispatcher[] = [];
  /** A workspace of its own keeps tests apart. */
  const workspaceId = newId("ws", clock.now().getTime());
  const kit = {
    ...{ clock, guard, vault, endpoints, queue, deliveries, attempts, workspaceId, database },

    async endpoint(request: Partial<EndpointRequest> & { readonly url: string }) {
      return createEndpoint({ endpoints, vault, clock, guard: { check: (url) => new URL(url) } }, workspaceId, request);
    },

    async start(deps: Partial<DispatcherDeps> = {}, limits: DispatcherOptions = {}): Promise<Dispatcher> {
      const dispatcher = await Dispatcher.start(
        { ...attempts, queue, isAlone: false, onError: (error) => errors.push(error), random: () => 0.5, ...deps },
        limits,
      );
      running.push(dispatcher);
      return dispatcher;
    },

    async record(...events: readonly NewDomainEvent[]): Promise<number> {
      const recorded = await recordEvents(database.drizzle, events);
      for (const dispatcher of running) dispatcher.wake();
      return recorded;
    },

    started(callId: string, more: { readonly agentId?: string } = {}): NewDomainEvent {
      const occurredAt = clock.now();
      const data = { callId, direction: "inbound", startedAt: occurredAt.toISOString(), ...more };
      return { type: "call.started", workspaceId, occurredAt, data };
    },

    deployed(version: number, agentId = "agt_1"): NewDomainEvent {
      const occurredAt = clock.now();
      const data = { agentId, version, deployedAt: occurredAt.toISOString() };
      return { type: "agent.deployed", workspaceId, occurredAt, data };
    },

    list: (filter: Parameters<typeof deliveries.list>[1] = { limit: 100 }) => deliveries.list(workspaceId, filter),

    async close() {
      await Promise.all(running.map((dispatcher) => dispatcher.close({ graceMs: 0 })));
      await guard.close();
    },
  };
  const errors: unknown[] = [];
  return Object.assign(kit, { errors });
}
export type DispatchKit = ReturnType<typeof createDispatchKit>;
