import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { createUrlGuard } from "../outbound-http/guard-url.ts";
import { createVault } from "../secrets/vault.ts";
import { type Database, openDatabase } from "../storage/database.ts";
import { openEmbeddedForTest } from "../storage/testing/each-database.ts";
import { startPostgres, whyNoPostgres } from "../storage/testing/postgres-server.ts";
import { systemWallClock, type WallClock } from "../wall-clock.ts";
import { createEndpoint } from "../webhooks/create-endpoint.ts";
import { startReceiver } from "../webhooks/testing/receiver.ts";
import { emptyLoad } from "./testing/empty-load.ts";
import { createWebhooks } from "./webhooks.ts";

const RECORDER = fileURLToPath(new URL("./testing/record-until-killed.ts", import.meta.url));
const WORKSPACE = "ws_crash";
/** Longer than a dead node holds what it claimed. */
const LATER: WallClock = { ...systemWallClock, now: () => new Date(Date.now() + 60_000) };

type Place = { readonly dataDirectory: string; readonly databaseUrl?: string };

/** Kills a process that has committed an event, and gives back how often the receiver was asked before and after. */
async function crash(place: Place, mode: "idle" | "deliver", clock: WallClock) {
  let isSilent = true;
  const receiver = await startReceiver((_request, response) => (isSilent ? undefined : response.end()));
  const open = (database: Database, at: WallClock) =>
    createWebhooks({
      ...{ database, clock: at, vault: createVault(randomBytes(32)) },
      guard: createUrlGuard({ allow: ["127.0.0.1"] }),
      load: () => emptyLoad,
    });
  const before = await openDatabase(place);
  await createEndpoint({ ...open(before, systemWallClock), clock, vault: createVault(randomBytes(32)) }, WORKSPACE, {
    url: receiver.url,
    secret: null,
  });
  await before.close();

  const args = [
    RECORDER,
    place.dataDirectory,
    WORKSPACE,
    mode,
    ...(place.databaseUrl === undefined ? [] : [place.databaseUrl]),
  ];
  const recorder = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const died = new Promise<void>((resolve) => recorder.once("close", () => resolve()));
  await new Promise<void>((resolve) => recorder.stdout.once("data", () => resolve()));
  if (mode === "deliver") await vi.waitFor(() => expect(receiver.received).toHaveLength(1), 10_000);
  recorder.kill("SIGKILL");
  await died;
  const asked = receiver.received.length;

  isSilent = false;
  const after = await openDatabase(place);
  expect((await after.pool.query("select 1 from nodes where id = 'node_cause'")).rows).toHaveLength(1);
  const webhooks = open(after, clock);
  await webhooks.start({
    isAlone: place.databaseUrl === undefined,
    onError: (error) => expect.unreachable(String(error)),
  });
  await vi.waitFor(async () => {
    const rows = await webhooks.deliveries.list(WORKSPACE, { limit: 10 });
    expect(rows).toMatchObject([{ status: "delivered", attempts: 1 }]);
  }, 10_000);
  await webhooks.close();
  await after.pool.query("delete from nodes");
  await after.pool.query("truncate webhook_deliveries, domain_events, webhook_endpoints");
  await after.close();
  await receiver.close();
  const ids = new Set(receiver.received.map(({ headers }) => headers["earshot-delivery"]));
  return { asked, answered: receiver.received.length - asked, deliveries: ids.size };
}

test("what a killed process had recorded is delivered after the restart (embedded database)", async () => {
  const { database, dataDirectory, dispose } = await openEmbeddedForTest();
  await database.close();
  expect(await crash({ dataDirectory }, "idle", systemWallClock)).toEqual({ asked: 0, answered: 1, deliveries: 1 });
  expect(await crash({ dataDirectory }, "deliver", systemWallClock)).toEqual({ asked: 1, answered: 1, deliveries: 1 });
  await dispose();
}, 180_000);

test("what a killed node had recorded or held is delivered by another (Postgres server)", async ({ skip }) => {
  const reason = whyNoPostgres();
  if (reason !== undefined) skip(reason);
  const server = await startPostgres();
  const place = { dataDirectory: "/nowhere", databaseUrl: server.url("postgres") };
  expect(await crash(place, "idle", systemWallClock)).toEqual({ asked: 0, answered: 1, deliveries: 1 });
  expect(await crash(place, "deliver", LATER)).toEqual({ asked: 1, answered: 1, deliveries: 1 });
  await server.stop();
}, 180_000);
