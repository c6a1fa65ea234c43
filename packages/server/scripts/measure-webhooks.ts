/**
 * Measures deliveries for the benchmark, in a process of its own, and prints one line of JSON. Arguments: "embedded" or
 * "postgres", the receiver's base URL, how many events and how many endpoints. /ok answers, /silent never does.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, request } from "undici";
import { emptyLoad } from "../src/deliveries/testing/empty-load.ts";
import { createWebhooks, type Webhooks } from "../src/deliveries/webhooks.ts";
import { createUrlGuard } from "../src/outbound-http/guard-url.ts";
import { createVault } from "../src/secrets/vault.ts";
import { type Database, openDatabase } from "../src/storage/database.ts";
import { startPostgres } from "../src/storage/testing/postgres-server.ts";
import { systemWallClock as clock } from "../src/wall-clock.ts";
import { createEndpoint } from "../src/webhooks/create-endpoint.ts";
import type { NewDomainEvent } from "../src/webhooks/domain-event.ts";
import { recordEvents } from "../src/webhooks/store.ts";

const [kind = "", receiver = "", eventsGiven = "", endpointsGiven = ""] = process.argv.slice(2);
const total = Number(eventsGiven);
const endpointCount = Number(endpointsGiven);
/** Of which the first is silent and the second refuses connections. */
const DEAD_PERCENT = 1;
const IN_FLIGHT = 128;
const RECORDED_AT_ONCE = 100;
const PACED_EVENTS = 500;
const PACE_MS = 4;

const directory = await mkdtemp(join(tmpdir(), "earshot-bench-"));
const postgres = kind === "postgres" ? await startPostgres({ isDurable: true }) : undefined;
const database = await openDatabase({ dataDirectory: directory, databaseUrl: postgres?.url("postgres") });
const guard = createUrlGuard({ allow: ["127.0.0.1"] });
const vault = createVault(randomBytes(32));
const delivered = { count: 0, onOne: () => {} };
const webhooks = createWebhooks({ database, vault, clock, guard, load: () => emptyLoad });

const bodyBytes = await createEndpoints(webhooks);
const barePerSecond = await measureBare(bodyBytes);
const recordedPerSecond = await record(database);
await database.pool.query("analyze");
const deliveredPerSecond = await drain(webhooks);
const latenciesMs = await pace(database, webhooks);
process.stdout.write(`${JSON.stringify({ barePerSecond, recordedPerSecond, deliveredPerSecond, latenciesMs })}\n`);
await webhooks.close();
await guard.close();
await database.close();
await postgres?.stop();
await rm(directory, { recursive: true, force: true });

/** @returns how long a body is */
async function createEndpoints({ endpoints }: Webhooks): Promise<number> {
  for (let n = 0; n < endpointCount; n++)
    await createEndpoint({ endpoints, vault, clock, guard }, workspace(n), { url: urlOf(n) });
  return JSON.stringify(eventOf(0)).length + 60;
}

function workspace(n: number): string {
  return `ws_${n % endpointCount}`;
}

function isDead(n: number): boolean {
  return n % endpointCount < (endpointCount * DEAD_PERCENT) / 100;
}

function urlOf(n: number): string {
  if (!isDead(n)) return `${receiver}/ok`;
  return n % 2 === 0 ? `${receiver}/silent` : "http://127.0.0.1:1/";
}

function eventOf(n: number): NewDomainEvent {
  const occurredAt = clock.now();
  const at = occurredAt.toISOString();
  const call = { callId: `call_${n}`, direction: "inbound", fromNumber: "+15550100001", toNumber: "+15550100002" };
  const end = { status: "completed", endReason: "caller-hung-up", startedAt: at, endedAt: at, durationMs: 61_000 };
  return { type: "call.ended", workspaceId: workspace(n), occurredAt, data: { ...call, ...end } };
}

/** Only posting, with the same library and as many at a time. */
async function measureBare(bytes: number): Promise<number> {
  const dispatcher = new Agent({ connections: 32 });
  const body = "x".repeat(bytes);
  let left = total;
  const startedMs = performance.now();
  const loop = async () => {
    while (left-- > 0) {
      const headers = { "Content-Type": "application/json" };
      const answer = await request(`${receiver}/ok`, { method: "POST", dispatcher, headers, body });
      await answer.body.dump();
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, loop));
  const perSecond = (total / (performance.now() - startedMs)) * 1000;
  await dispatcher.close();
  return perSecond;
}

async function record({ drizzle }: Database): Promise<number> {
  const startedMs = performance.now();
  for (let n = 0; n < total; n += RECORDED_AT_ONCE)
    await recordEvents(
      drizzle,
      Array.from({ length: Math.min(RECORDED_AT_ONCE, total - n) }, (_, k) => eventOf(n + k)),
    );
  return (total / (performance.now() - startedMs)) * 1000;
}

/** From the start with a full queue until all that can be delivered is. */
async function drain({ start }: Webhooks): Promise<number> {
  const alive = Array.from({ length: total }, (_, n) => n).filter((n) => !isDead(n)).length;
  const done = Promise.withResolvers<void>();
  delivered.onOne = () => {
    if (delivered.count >= alive) done.resolve();
  };
  const startedMs = performance.now();
  await start({
    isAlone: true,
    onError: (error) => done.reject(error),
    onAttempt({ outcome }) {
      if (outcome !== "succeeded") return;
      delivered.count++;
      delivered.onOne();
    },
  });
  await done.promise;
  return (alive / (performance.now() - startedMs)) * 1000;
}

/** One event at a time, at a pace that leaves room: from the commit until the receiver has answered. */
async function pace({ drizzle }: Database, { wake }: Webhooks): Promise<number[]> {
  const latencies: number[] = [];
  for (let n = 0; n < PACED_EVENTS; n++) {
    if (isDead(n)) continue;
    const answered = Promise.withResolvers<void>();
    const before = delivered.count;
    delivered.onOne = () => delivered.count > before && answered.resolve();
    await recordEvents(drizzle, [eventOf(n)]);
    const committedMs = performance.now();
    wake();
    await answered.promise;
    latencies.push(performance.now() - committedMs);
    await new Promise((resolve) => setTimeout(resolve, PACE_MS));
  }
  return latencies;
}
