import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { toQueryError } from "./query-error.ts";
import { agents, callEvents } from "./schema.ts";
import { describeOnEachDatabase, openEmbeddedForTest } from "./testing/each-database.ts";

const agent = (id: string) => ({
  id,
  workspaceId: "ws_default",
  name: "Ada",
  revision: 1,
  version: 0,
  deployedRevision: null,
  deployedAt: null,
  createdAt: new Date(0),
  updatedAt: new Date(1),
});

describeOnEachDatabase("database", (database) => {
  test("keeps dates, documents and what was said to the letter", async () => {
    const { drizzle } = database();
    await drizzle.insert(agents).values(agent("agt_dates"));
    const [row] = await drizzle.select().from(agents);
    expect(row).toEqual({ ...agent("agt_dates"), deletedAt: null });
  });

  test("rolls a failed transaction back and goes on", async () => {
    const { drizzle } = database();
    const failing = drizzle.transaction(async (tx) => {
      await tx.insert(agents).values(agent("agt_rolled_back"));
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    const found = await drizzle.execute(sql`select 1 from agents where id = 'agt_rolled_back'`);
    expect(found.rows).toEqual([]);
  });

  test("goes on after a statement that failed, also inside a block that was left open", async () => {
    await expect(database().pool.query("begin; select 1/0; commit")).rejects.toThrow("division by zero");
    await database().pool.query("rollback");
    await expect(database().pool.query("select nonsense")).rejects.toThrow("does not exist");
    await database().check();
  });

  test("prepares statements anew after one that failed, whose connection goes", async () => {
    const ask = async () => (await database().pool.query({ name: "one", text: "select 1 as n" })).rows;
    expect(await ask()).toEqual([{ n: 1 }]);
    await expect(database().pool.query("select nonsense")).rejects.toThrow("does not exist");
    expect(await ask()).toEqual([{ n: 1 }]);
  });

  test("forgets what a connection left open that broke off", async () => {
    const { pool } = database();
    const client = await pool.connect();
    await client.query("begin");
    await client.query("create table left_open (n int)");
    client.release(true);
    const { rows } = await pool.query("select to_regclass('left_open') as name");
    expect(rows).toEqual([{ name: null }]);
  });

  test("runs queries that are asked at the same time", async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => database().pool.query("select $1::int as n", [n])),
    );
    expect(answers.map(({ rows }) => rows[0].n)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  test("never shows the values of a query that failed", async () => {
    const values = { callId: "call_secret", seq: 1, atMs: 0, event: { text: "my number is 555" }, effects: [] };
    const error = await database()
      .drizzle.insert(callEvents)
      .values(values)
      .catch((cause: unknown) => toQueryError(cause));
    expect(error).toMatchObject({ name: "QueryError", sqlState: "23503" });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/555|call_secret/);
  });
});

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "earshot-database-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("says where a broken embedded database is and what to do", async () => {
  const { dataDirectory, database, dispose } = await openEmbeddedForTest();
  await database.close();
  for (const file of await readdir(join(dataDirectory, "postgres/global")))
    if (file.startsWith("pg_control")) await truncate(join(dataDirectory, "postgres/global", file), 10);
  await expect(openDatabase({ dataDirectory })).rejects.toThrow(
    /^The embedded database in .*postgres can't be opened .*Restore the folder from a backup, or move it away/,
  );
  await dispose();
}, 30_000);

test("begins anew when a first start was cut off", async () => {
  await mkdir(join(directory, "postgres.new"));
  await writeFile(join(directory, "postgres.new/PG_VERSION"), "18");
  const database = await openDatabase({ dataDirectory: directory });
  await database.check();
  await database.close();
}, 30_000);

test("names a database server that can't be reached, without its password", async () => {
  const opening = openDatabase({ dataDirectory: directory, databaseUrl: "postgres://me:sesame@127.0.0.1:1/x" });
  await expect(opening).rejects.toThrow(
    "The database at 127.0.0.1:1 can't be reached (connect ECONNREFUSED 127.0.0.1:1). Check DATABASE_URL.",
  );
});
