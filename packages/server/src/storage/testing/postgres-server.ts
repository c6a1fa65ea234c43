/** A throw-away Postgres server for tests, from the binaries of the system. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env, getuid } from "node:process";

export type TestPostgres = {
  /** Connection string of a database on the server. */
  url(database: string): string;
  stop(): Promise<void>;
};

/** Why the suites can't run on a Postgres server here, or undefined when they can. */
export function whyNoPostgres(): string | undefined {
  if (findBinaries() !== undefined) return undefined;
  const reason = "no Postgres server is installed here (looked for /usr/lib/postgresql/*/bin/postgres)";
  if (env["EARSHOT_TEST_REQUIRE_ALL"] === "1") throw new Error(`EARSHOT_TEST_REQUIRE_ALL is set, but ${reason}`);
  return reason;
}

/**
 * Starts an empty server that listens on a socket file only and ends with this process.
 * @param options `isDurable`: writes to the disk at each commit, as in production; false by default
 */
export async function startPostgres({
  isDurable = false,
}: {
  readonly isDurable?: boolean;
} = {}): Promise<TestPostgres> {
  const binaries = findBinaries();
  if (binaries === undefined) throw new Error("no Postgres server is installed here");
  const directory = await mkdtemp(join(tmpdir(), "earshot-postgres-"));
  const data = join(directory, "data");
  const asUser = userPrefix();
  if (getuid?.() === 0) execFileSync("chown", ["postgres:", directory]);
  const run = [...asUser, join(binaries, "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "-N"];
  execFileSync(run[0] ?? "", [...run.slice(1), "--locale=C.UTF-8"], { cwd: directory, stdio: "pipe" });
  const settings = [
    ...(isDurable ? ["shared_buffers=128MB"] : ["fsync=off", "full_page_writes=off", "shared_buffers=16MB"]),
    "listen_addresses=",
    "max_connections=50",
  ];
  const start = [...asUser, join(binaries, "postgres"), "-D", data, "-k", directory];
  const server = spawn(start[0] ?? "", [...start.slice(1), ...settings.flatMap((setting) => ["-c", setting])], {
    cwd: directory,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let log = "";
    server.stderr.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-10_000);
      if (log.includes("ready to accept connections")) resolve();
    });
    server.once("exit", () => reject(new Error(`Postgres didn't start: ${log}`)));
  });
  return {
    url: (database) => `postgres://postgres@localhost/${database}?host=${encodeURIComponent(directory)}`,
    async stop() {
      server.kill("SIGINT");
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function findBinaries(): string | undefined {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return undefined;
  return readdirSync(root)
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(root, version, "bin"))
    .find((binaries) => existsSync(join(binaries, "postgres")));
}

/** Postgres refuses to run as root; and it should not outlive a killed test run. */
function userPrefix(): string[] {
  const identity = getuid?.() === 0 ? ["--reuid", "postgres", "--regid", "postgres", "--clear-groups"] : [];
  return existsSync("/usr/bin/setpriv") ? ["/usr/bin/setpriv", ...identity, "--pdeathsig", "INT"] : [];
}
