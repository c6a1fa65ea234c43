import { createHash } from "node:crypto";
import { mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, test } from "vitest";
import { newId } from "../../new-id.ts";
import { systemWallClock } from "../../wall-clock.ts";
import { type Database, openDatabase } from "../database.ts";
import { copyFolder, startPostgres, type TestPostgres, whyNoPostgres } from "./postgres-server.ts";

/**
 * Runs a suite on the embedded database and on a Postgres server. `database()` gives the suite's own database, with
 * all tables and no rows; it is there once tests run.
 */
export function describeOnEachDatabase(title: string, suite: (database: () => Database) => void): void {
  describe(`${title} (embedded database)`, () => {
    let opened: EmbeddedTestDatabase | undefined;
    beforeAll(async () => {
      opened = await openEmbeddedForTest();
    }, 60_000);
    afterAll(() => opened?.dispose());
    suite(() => required(opened?.database));
  });

  const reason = whyNoPostgres();
  if (reason !== undefined) {
    describe(`${title} (Postgres server)`, () => {
      test(`SKIPPED: ${reason}`, ({ skip }) => skip(reason));
    });
    return;
  }
  // Of the whole file, whose suites share the server.
  afterAll(stopServer);
  describe(`${title} (Postgres server)`, () => {
    let database: Database | undefined;
    beforeAll(async () => {
      database = await cloneTemplate(await sharedServer());
    }, 60_000);
    afterAll(() => database?.close());
    suite(() => required(database));
  });
}

export type EmbeddedTestDatabase = {
  readonly database: Database;
  readonly dataDirectory: string;
  dispose(): Promise<void>;
};

/** An embedded database with all tables and no rows in a folder of its own, copied from one made once per machine. */
export async function openEmbeddedForTest(): Promise<EmbeddedTestDatabase> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "earshot-data-"));
  await copyFolder(join(await embeddedTemplate(), "postgres"), join(dataDirectory, "postgres"));
  const database = await openDatabase({ dataDirectory });
  return {
    database,
    dataDirectory,
    async dispose() {
      await database.close();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

async function embeddedTemplate(): Promise<string> {
  const template = join(tmpdir(), `earshot-template-${await templateKey()}`);
  if (await exists(template)) return template;
  const draft = await mkdtemp(join(tmpdir(), "earshot-template-draft-"));
  const database = await openDatabase({ dataDirectory: draft });
  await database.close();
  try {
    await rename(draft, template);
  } catch {
    await rm(draft, { recursive: true, force: true });
  }
  return template;
}

/** Changes with the database's version and with the migrations. */
async function templateKey(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  const hash = createHash("sha256")
    .update(await readFile(join(dirname(entry), "../package.json")))
    .update(await readFile(new URL("../migrations/meta/_journal.json", import.meta.url)))
    .update(await readFile(new URL("../pglite-thread.ts", import.meta.url)));
  const journal = JSON.parse(await readFile(new URL("../migrations/meta/_journal.json", import.meta.url), "utf8")) as {
    entries: { tag: string }[];
  };
  for (const { tag } of journal.entries)
    hash.update(await readFile(new URL(`../migrations/${tag}.sql`, import.meta.url)));
  return hash.digest("hex").slice(0, 16);
}

let server: Promise<TestPostgres> | undefined;

/** One server a test file, with a migrated database to clone. */
function sharedServer(): Promise<TestPostgres> {
  server ??= templateKey().then((key) => startPostgres({ template: { key, fill: migrateTemplate } }));
  return server;
}

async function migrateTemplate(started: TestPostgres): Promise<void> {
  const admin = new pg.Client(started.url("postgres"));
  await admin.connect();
  await admin.query("create database template_earshot");
  await admin.end();
  const database = await openDatabase({ dataDirectory: "/nowhere", databaseUrl: started.url("template_earshot") });
  await database.close();
}

async function cloneTemplate(postgres: TestPostgres): Promise<Database> {
  const name = newId("suite", systemWallClock.now().getTime());
  const admin = new pg.Client(postgres.url("postgres"));
  await admin.connect();
  await admin.query(`create database ${name} template template_earshot`);
  await admin.end();
  return openDatabase({ dataDirectory: "/nowhere", databaseUrl: postgres.url(name) });
}

async function stopServer(): Promise<void> {
  const started = server;
  server = undefined;
  await (await started)?.stop();
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("the database is there only while tests run");
  return value;
}
