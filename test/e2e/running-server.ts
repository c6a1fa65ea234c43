import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** A server of its own process and data directory, as `npm start` runs it. */
export type RunningServer = {
  readonly url: string;
  readonly apiKey: string;
  /** Absent: it isn't a process of this machine. */
  readonly pid?: number;
};

/** One whose process and folder are the test's own. */
export type OwnServer = RunningServer & {
  readonly dataDirectory: string;
  readonly pid: number;
  stop(): Promise<void>;
  send(signal: NodeJS.Signals): void;
  /** Resolves when the process has gone, to its exit code; undefined when a signal ended it. */
  readonly exited: Promise<number | undefined>;
};

export type ServerOptions = {
  /** Settings on top of the test's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of node, before the server's file. */
  readonly nodeArguments?: readonly string[];
  /** A folder that outlives the server. Default: one of its own, deleted at the stop. */
  readonly dataDirectory?: string;
};

export type FailedStart = { readonly exitCode: number | null; readonly words: string; readonly durationMs: number };

const MAIN = fileURLToPath(new URL("../../packages/server/src/main.ts", import.meta.url));
export const API_KEY = "end-to-end-test-key";
const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

/** What would let the built-in models make room for others, and tests for surprises. */
const MODEL_KEYS = /^(EARSHOT_|OPENAI_|ANTHROPIC_|GROQ_|OLLAMA_|DATABASE_URL|OTEL_)/;

/**
 * Starts the product on a free port as a process of its own and waits until it takes calls. Throws with the server's own
 * words when it doesn't get ready.
 */
export async function startOwnServer(options: ServerOptions = {}): Promise<OwnServer> {
  const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), "earshot-e2e-")));
  const port = await freePort();
  const child = spawnServer({ ...options, dataDirectory, port });
  const words = collectWords(child);
  const exited = new Promise<number | undefined>((resolve) => {
    child.once("exit", (code) => resolve(code ?? undefined));
  });
  const stop = async () => {
    await stopChild(child);
    if (options.dataDirectory === undefined) await rm(dataDirectory, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await ready(url, child, words);
  } catch (error) {
    await stop();
    throw error;
  }
  const send = (signal: NodeJS.Signals) => void child.kill(signal);
  return { url, apiKey: API_KEY, dataDirectory, pid: child.pid ?? 0, send, exited, stop };
}

/** A start that is meant to be refused: how it ended, and what it said on standard error. */
export async function failToStart(options: ServerOptions & { readonly port?: number }): Promise<FailedStart> {
  const startedMs = performance.now();
  const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), "earshot-e2e-")));
  const child = spawnServer({ ...options, dataDirectory, port: options.port ?? (await freePort()) });
  const words = collectWords(child, ["stderr"]);
  const killing = setTimeout(() => child.kill("SIGKILL"), READY_TIMEOUT_MS);
  await once(child, "close");
  clearTimeout(killing);
  if (options.dataDirectory === undefined) await rm(dataDirectory, { recursive: true, force: true });
  return { exitCode: child.exitCode, words: words(), durationMs: performance.now() - startedMs };
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port was free");
  return address.port;
}

function spawnServer(options: ServerOptions & { readonly dataDirectory: string; readonly port: number }): ChildProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !MODEL_KEYS.test(name));
  return spawn(process.execPath, [...(options.nodeArguments ?? []), MAIN], {
    env: {
      ...Object.fromEntries(inherited),
      PORT: String(options.port),
      EARSHOT_DATA_DIR: options.dataDirectory,
      EARSHOT_API_KEY: API_KEY,
      EARSHOT_SHUTDOWN_TIMEOUT_MS: "2000",
      LOG_LEVEL: "warn",
      // A port that nobody listens on: an Ollama of the machine must not answer instead.
      OLLAMA_HOST: "http://127.0.0.1:9",
      // Tests of telephone calls choose ports of their own.
      EARSHOT_SIP_PORT: "off",
      ...options.environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** The last of what the server printed, for the message of a failed start. */
function collectWords(
  child: ChildProcess,
  from: readonly ("stdout" | "stderr")[] = ["stdout", "stderr"],
): () => string {
  let words = "";
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.on("data", (chunk: Buffer) => {
      if (from.includes(name)) words = (words + chunk.toString()).slice(-4000);
    });
  return () => words;
}

async function ready(url: string, child: ChildProcess, words: () => string): Promise<void> {
  const giveUpAt = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < giveUpAt) {
    if (child.exitCode !== null) throw new Error(`the server stopped with code ${child.exitCode}:\n${words()}`);
    const health = await fetch(`${url}/health`).catch(() => undefined);
    if (health?.ok === true) return;
    await pause(100);
  }
  throw new Error(`the server was not ready after ${READY_TIMEOUT_MS} ms:\n${words()}`);
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const killing = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(killing);
}
