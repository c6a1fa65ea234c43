/** A server as `npm start` runs it, on a free port and a data directory of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Earshot } from "@earshot/sdk";
import { findChild, readCpuSeconds } from "./resident-memory.ts";

const START = fileURLToPath(new URL("../../../../../scripts/start.mjs", import.meta.url));
const API_KEY = "benchmark-key-0123456789";
const READY_WITHIN_MS = 120_000;

export type ChildServer = {
  readonly client: Earshot;
  /** Where telephones call, e.g. 127.0.0.1:5060; undefined when the port was taken. */
  readonly sipAddress: string | undefined;
  /** Of the server itself. */
  readonly pid: number;
  /** From the start of the command until the server has said that it is ready. */
  readonly readyMs: number;
  /** CPU of the server itself until then: the figure that other work on the machine disturbs least. */
  readonly cpuSeconds: number;
  stop(): Promise<void>;
};

/**
 * Without language models that happen to run or be configured here.
 * @param settings further variables of the environment
 * @throws Error with what the server said
 */
export async function startChildServer(
  dataDirectory: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ChildServer> {
  const startedMs = performance.now();
  const command = spawn(process.execPath, [START], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      EARSHOT_DATA_DIR: dataDirectory,
      EARSHOT_API_KEY: API_KEY,
      PORT: "0",
      LOG_LEVEL: "error",
      ...settings,
    },
  });
  const kill = () => command.kill("SIGTERM");
  process.once("exit", kill);
  const stop = async () => {
    process.removeListener("exit", kill);
    if (command.exitCode !== null || command.signalCode !== null) return;
    const exit = once(command, "exit");
    kill();
    await exit;
  };
  try {
    const { baseUrl, sipAddress } = await readBanner(command);
    const readyMs = performance.now() - startedMs;
    const pid = await findChild(command.pid ?? 0);
    return {
      client: new Earshot({ baseUrl, apiKey: API_KEY }),
      sipAddress,
      pid,
      readyMs,
      cpuSeconds: await readCpuSeconds(pid),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function readBanner(command: ChildProcess): Promise<{ baseUrl: string; sipAddress: string | undefined }> {
  const said: string[] = [];
  let baseUrl: string | undefined;
  const found = Promise.withResolvers<{ baseUrl: string; sipAddress: string | undefined }>();
  for (const stream of [command.stdout, command.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      said.push(line);
      baseUrl ??= /ready at (http\S+)/.exec(line)?.[1]?.replace(/\/$/, "");
      const phone = /^ *Phone calls +(.+)/.exec(line)?.[1];
      if (baseUrl !== undefined && phone !== undefined)
        found.resolve({ baseUrl, sipAddress: /^sip:NUMBER@([^\s,]+),/.exec(phone)?.[1] });
    });
  }
  const fail = (why: string) => found.reject(new Error(`The server ${why}. It said:\n${said.join("\n")}`));
  command.once("error", (error) => fail(`could not be started (${error.message})`));
  command.once("exit", (code) => fail(`ended with code ${code}`));
  const limit = setTimeout(() => fail(`was not ready within ${READY_WITHIN_MS / 1000} s`), READY_WITHIN_MS);
  try {
    return await found.promise;
  } finally {
    clearTimeout(limit);
  }
}
