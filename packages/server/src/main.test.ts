/** The whole server as a process: what an operator sees. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

let directory: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "earshot-main-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(directory, { recursive: true, force: true });
});

type Started = { child: ChildProcess; output: () => string; exited: Promise<number | null>; url: Promise<string> };

function start(env: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env["PATH"], PORT: "0", EARSHOT_DATA_DIR: directory, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let text = "";
  const url = Promise.withResolvers<string>();
  const hear = (chunk: Buffer) => {
    text += chunk.toString();
    const found = /ready at (http\S+)/.exec(text)?.[1];
    if (found !== undefined) url.resolve(found);
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  exited.then(() => url.reject(new Error(`the server ended: ${text}`))).catch(() => {});
  url.promise.catch(() => {});
  return { child, output: () => text, exited, url: url.promise };
}

const call = (url: string, key: string, path: string) =>
  fetch(`${url}${path}`, { headers: { Authorization: `Bearer ${key}` } });

test("starts from nothing, and shows its first key", async () => {
  const first = start();
  const url = await first.url;
  const key = /shown only now: (\S+)/.exec(first.output())?.[1] ?? "";
  expect((await fetch(`${url}/health`)).status).toBe(200);
  const { data: agents } = (await (await call(url, key, "/v1/agents")).json()) as { data: unknown[] };
  expect(agents).toHaveLength(3);
}, 120_000);

test("says what is wrong with a setting and ends", async () => {
  const { exited, output } = start({ PORT: "http" });
  expect([await exited, output()]).toEqual([1, expect.stringMatching(/PORT is "http": must be a whole number/)]);
}, 120_000);
