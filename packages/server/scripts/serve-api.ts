/**
 * Serves the API for the benchmark, and beside it bare routes of one SQL statement each, in one process. Argument:
 * "embedded" or "postgres". Prints one line of JSON when it is ready; ends with its standard input.
 */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { createApp } from "../src/api/create-app.ts";
import { TEST_KEY, testDeps } from "../src/api/testing/test-deps.ts";
import { mountDialects } from "../src/dialects/mount-dialects.ts";
import { listen } from "../src/http-server.ts";
import { newId } from "../src/new-id.ts";
import { type Database, openDatabase } from "../src/storage/database.ts";
import { startPostgres } from "../src/storage/testing/postgres-server.ts";
import { systemWallClock as clock } from "../src/wall-clock.ts";

const directory = await mkdtemp(join(tmpdir(), "earshot-bench-"));
const postgres = process.argv[2] === "postgres" ? await startPostgres({ isDurable: true }) : undefined;
const database = await openDatabase({ dataDirectory: directory, databaseUrl: postgres?.url("postgres") });
await database.pool.query(
  "create table bare (id text primary key, workspace_id text not null, document jsonb not null)",
);
await database.pool.query("create index bare_by_workspace on bare (workspace_id, id)");

const api = await listen(createApp(testDeps(database), mountDialects), { host: "127.0.0.1", port: 0 });
const bare = await listen(bareRoutes(database), { host: "127.0.0.1", port: 0 });
process.stdout.write(`${JSON.stringify({ apiUrl: api.url, bareUrl: bare.url, apiKey: TEST_KEY })}\n`);
process.stdin.resume();
await once(process.stdin, "end");
await api.close();
await bare.close();
await database.close();
await postgres?.stop();
await rm(directory, { recursive: true, force: true });

/** The least that a route can do: parse, one statement, answer. */
function bareRoutes({ pool }: Database): Parameters<typeof listen>[0] {
  const app = new Hono();
  app.post("/agents", async (c) => {
    const id = newId("agt", clock.now().getTime());
    const values = [id, "ws_default", await c.req.text()];
    const { rows } = await pool.query({
      name: "bare_insert",
      text: "insert into bare values ($1, $2, $3) returning *",
      values,
    });
    return c.json(rows[0], 201);
  });
  app.get("/agents/:id", async (c) => {
    const values = [c.req.param("id"), "ws_default"];
    const text = "select * from bare where id = $1 and workspace_id = $2";
    const { rows } = await pool.query({ name: "bare_get", text, values });
    return c.json(rows[0]);
  });
  app.get("/agents", async (c) => {
    const text = "select * from bare where workspace_id = $1 order by id desc limit 20";
    const { rows } = await pool.query({ name: "bare_list", text, values: ["ws_default"] });
    return c.json({ data: rows });
  });
  app.patch("/agents/:id", async (c) => {
    const values = [c.req.param("id"), "ws_default", await c.req.text()];
    const text = "update bare set document = document || $3::jsonb where id = $1 and workspace_id = $2 returning *";
    const { rows } = await pool.query({ name: "bare_patch", text, values });
    return c.json(rows[0]);
  });
  return app as unknown as Parameters<typeof listen>[0];
}
