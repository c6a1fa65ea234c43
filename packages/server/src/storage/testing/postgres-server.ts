/** A throw-away Postgres server for tests, from the binaries of the system. */
import { execFile, execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env, getuid } from "node:process";
import { promisify } from "node:util";

export type TestPostgres = {
  /** Connection string of a database on the server. */
  url(database: string): string;
  /** @param options `keepAt`: where its data directory goes; default: it is deleted */
  stop(options?: { readonly keepAt?: string }): Promise<void>;
};

/** Why the suites can't run on a Postgres server here, or undefined when they can. */
export function whyNoPostgres(): string | undefined {
  if (findBinaries() !== undefined) return undefined;
  const reason = "no Postgres server is installed here (looked for /usr/lib/postgresql/*/bin/postgres)";
  if (env["EARSHOT_TEST_REQUIRE_ALL"] === "1") throw new Error(`EARSHOT_TEST_REQUIRE_ALL is set, but ${reason}`);
  return reason;
}

type PostgresOptions = {
  /** Writes to the disk at each commit, as in production. Default false. */
  readonly isDurable?: boolean;
  /** What the server holds from its start, made once per machine and copied. Default: nothing. */
  readonly template?: PostgresTemplate;
};

type PostgresTemplate = {
  /** Changes with whatever `fill` does. */
  readonly key: string;
  fill(server: TestPostgres): Promise<void>;
};

/** Starts a server that listens on a socket file only and ends with this process. */
export async function startPostgres({ isDurable = false, template }: PostgresOptions = {}): Promise<TestPostgres> {
  const binaries = findBinaries();
  if (binaries === undefined) throw new Error("no Postgres server is installed here");
  const directory = await mkdtemp(join(tmpdir(), "earshot-postgres-"));
  if (getuid?.() === 0) execFileSync("chown", ["postgres:", directory]);
  const data = join(directory, "data");
  if (template === undefined) initialize(binaries, data);
  else await copyFolder(await filled(template, binaries), data);
  return serve(binaries, directory, isDurable);
}

/** A thousand files: a process of its own is several times faster than Node's copying. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await promisify(execFile)("cp", ["-a", "--reflink=auto", from, to]);
}

/** The folder of a server that was filled and stopped. */
async function filled({ key, fill }: PostgresTemplate, binaries: string): Promise<string> {
  const version = binaries.split("/").at(-2);
  const template = join(tmpdir(), `earshot-postgres-template-${version}-${key}`);
  if (existsSync(join(template, "PG_VERSION"))) return template;
  const draft = await startPostgres();
  await fill(draft);
  await draft.stop({ keepAt: template });
  return template;
}

function initialize(binaries: string, data: string): void {
  const run = [...userPrefix(), join(binaries, "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8"];
  execFileSync(run[0] ?? "", [...run.slice(1), "-N", "--locale=C.UTF-8"], { cwd: tmpdir(), stdio: "pipe" });
}

async function serve(binaries: string, directory: string, isDurable: boolean): Promise<TestPostgres> {
  const settings = [
    ...(isDurable ? ["shared_buffers=128MB"] : ["fsync=off", "full_page_writes=off", "shared_buffers=16MB"]),
    "listen_addresses=",
    "max_connections=50",
  ];
  const start = [...userPrefix(), join(binaries, "postgres"), "-D", join(directory, "data"), "-k", directory];
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
    async stop({ keepAt } = {}) {
      server.kill("SIGINT");
      await exited;
      if (keepAt !== undefined) await keep(join(directory, "data"), keepAt);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Another process may have been faster: then its own is kept. */
async function keep(data: string, at: string): Promise<void> {
  await rename(data, at).catch(async (error: unknown) => {
    if (
      !(await stat(at).then(
        () => true,
        () => false,
      ))
    )
      throw error;
  });
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
