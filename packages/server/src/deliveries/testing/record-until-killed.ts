/**
 * Records an event together with its cause and waits to be killed. Arguments: the data directory, the workspace,
 * "idle" or "deliver", and a Postgres server's URL if it is to be used.
 */
import { randomBytes } from "node:crypto";
import { argv, stdout } from "node:process";
import { createUrlGuard } from "../../outbound-http/guard-url.ts";
import { createVault } from "../../secrets/vault.ts";
import { openDatabase } from "../../storage/database.ts";
import { nodes } from "../../storage/schema.ts";
import { systemWallClock as clock } from "../../wall-clock.ts";
import { recordEvents } from "../../webhooks/store.ts";
import { createWebhooks } from "../webhooks.ts";
import { emptyLoad } from "./empty-load.ts";

const [, , dataDirectory = "", workspaceId = "", mode = "", databaseUrl] = argv;
const database = await openDatabase({ dataDirectory, databaseUrl });
const webhooks = createWebhooks({
  ...{ database, clock, vault: createVault(randomBytes(32)), guard: createUrlGuard({ allow: ["127.0.0.1"] }) },
  load: () => emptyLoad,
});
if (mode === "deliver") await webhooks.start({ isAlone: databaseUrl === undefined, onError: () => {} });
const occurredAt = clock.now();
await database.drizzle.transaction(async (transaction) => {
  await transaction.insert(nodes).values({ id: "node_cause", startedAt: occurredAt, heartbeatAt: occurredAt });
  const data = { callId: "call_1", direction: "web", startedAt: occurredAt.toISOString() };
  await recordEvents(transaction, [{ type: "call.started", workspaceId, occurredAt, data }]);
});
webhooks.wake();
stdout.write("committed\n");
setInterval(() => {}, 60_000);
