import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../packages/cli/bin/earshot.mjs", import.meta.url));
/** A command that takes longer hangs. */
const LIMIT_MS = 90_000;

export type Ran = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The one JSON object on standard output. Throws when there is anything else, or nothing. */
  json<T>(): T;
};

/** Runs the `earshot` command as a process of its own against a server. */
export async function runEarshot(
  server: { readonly url: string; readonly apiKey: string },
  args: readonly string[],
): Promise<Ran> {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { ...process.env, EARSHOT_URL: server.url, EARSHOT_API_KEY: server.apiKey },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const killing = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
  await once(child, "close");
  clearTimeout(killing);
  const { exitCode } = child;
  return { exitCode, stdout, stderr, json: () => parseOnly(stdout, stderr) };
}

function parseOnly<T>(stdout: string, stderr: string): T {
  try {
    return JSON.parse(stdout) as T;
  } catch (error) {
    throw new Error(`not one JSON object: ${stdout}\nstandard error: ${stderr}`, { cause: error });
  }
}
