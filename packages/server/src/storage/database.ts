import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { StartupError } from "../app-error.ts";
import { PgliteServer } from "./pglite-server.ts";
import { PgliteStream } from "./pglite-stream.ts";
import { rememberSettings } from "./remember-settings.ts";
import { rememberStatements } from "./remember-statements.ts";
import { putUrgentFirst } from "./urgent-first.ts";

/** What a store needs of a database or of a transaction in it. */
export type Transaction = Pick<NodePgDatabase, "insert" | "select" | "update" | "delete" | "execute">;

/** The same driver and dialect for the embedded database and for a server. */
export type Database = {
  readonly kind: "embedded" | "server";
  readonly drizzle: NodePgDatabase;
  /** For libraries that bring their own SQL. The embedded database has one connection: never wait for a second. */
  readonly pool: pg.Pool;
  /** Resolves when a statement that writes can be run. */
  check(): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
};

const MIGRATIONS = fileURLToPath(new URL("./migrations", import.meta.url));
const MIGRATION_LOCK = 720_817;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Opens the database in `<dataDirectory>/postgres`, or at `databaseUrl`, and brings its tables up to date.
 * @throws StartupError when it is broken, out of reach or not ours to write
 */
export async function openDatabase(options: {
  readonly dataDirectory: string;
  readonly databaseUrl?: string | undefined;
}): Promise<Database> {
  const database =
    options.databaseUrl === undefined
      ? await openEmbedded(join(options.dataDirectory, "postgres"))
      : await openServer(options.databaseUrl);
  try {
    await migrateOnce(database.pool);
  } catch (error) {
    await database.close();
    throw new StartupError(`The tables of the database can't be brought up to date: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
  return database;
}

async function openEmbedded(directory: string): Promise<Database> {
  let server: PgliteServer;
  try {
    if (!existsSync(join(directory, "PG_VERSION"))) await createEmbedded(directory);
    server = await PgliteServer.open(directory);
  } catch (error) {
    throw new StartupError(
      `The embedded database in ${directory} can't be opened (${reasonOf(error)}). ` +
        "Restore the folder from a backup, or move it away to begin with an empty one.",
      { cause: error },
    );
  }
  const pool = new pg.Pool({ max: 1, idleTimeoutMillis: 0, stream: () => new PgliteStream(server), user: "postgres" });
  pool.on("connect", rememberStatements);
  return toDatabase("embedded", rememberSettings(putUrgentFirst(pool)), () => server.close());
}

/**
 * Makes an empty database aside and moves it into place, so that a process that dies meanwhile leaves nothing broken.
 * Its thread ends afterwards and takes along the 300 MB that creating needs.
 */
async function createEmbedded(directory: string): Promise<void> {
  const draft = `${directory}.new`;
  await rm(draft, { recursive: true, force: true });
  const server = await PgliteServer.open(draft);
  await server.close();
  await rename(draft, directory);
}

async function openServer(url: string): Promise<Database> {
  const pool = new pg.Pool({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true });
  try {
    await pool.query("select 1");
  } catch (error) {
    await pool.end();
    const { host } = new URL(url);
    throw new StartupError(`The database at ${host} can't be reached (${reasonOf(error)}). Check DATABASE_URL.`, {
      cause: error,
    });
  }
  return toDatabase("server", pool, async () => {});
}

function toDatabase(kind: Database["kind"], pool: pg.Pool, closeServer: () => Promise<void>): Database {
  // An idle connection that breaks is replaced at the next query, whose error is the one that counts.
  pool.on("error", () => {});
  let closing: Promise<void> | undefined;
  return {
    kind,
    drizzle: drizzle(pool),
    pool,
    async check() {
      await pool.query("select pg_current_xact_id()");
    },
    close() {
      closing ??= pool.end().then(closeServer);
      return closing;
    },
  };
}

/** Nodes that start together take turns. */
async function migrateOnce(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS });
    await client.query("select pg_advisory_unlock($1)", [MIGRATION_LOCK]);
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error instanceof Error ? error.message.split("\n", 1)[0] || error.name : String(error);
}
