/** The whole server as a process: what an operator sees. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const KEY = "a-key-for-tests-only";

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

const call = (url: string, key: string, path: string, body?: object) =>
  fetch(`${url}${path}`, {
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
  });

test("starts from nothing, shows its first key once, keeps everything, and gives way to no second server", async () => {
  const first = start();
  const url = await first.url;
  const key = /shown only now: (\S+)/.exec(first.output())?.[1] ?? "";
  expect((await fetch(`${url}/health`)).status).toBe(200);
  const { data: agents } = (await (await call(url, key, "/v1/agents")).json()) as { data: { id: string }[] };
  expect(agents).toHaveLength(3);
  const created = await call(url, key, "/v1/calls", { agentId: agents[0]?.id });
  const { id } = (await created.json()) as { id: string };

  const second = start();
  expect(await second.exited).toBe(1);
  expect(second.output()).toMatch(/^Earshot can't start\.\nAnother Earshot server \(process \d+ on .*\) is using/);

  first.child.kill("SIGKILL");
  await first.exited;
  const third = start({ EARSHOT_API_KEY: KEY });
  const again = await third.url;
  expect(await (await call(again, key, `/v1/calls/${id}`)).json()).toMatchObject({
    status: "ended",
    endReason: "server-crash",
  });
  expect((await call(again, KEY, "/v1/agents")).status).toBe(200);
  expect(third.output()).not.toContain("shown only now");
  third.child.kill("SIGTERM");
  expect(await third.exited).toBe(0);
}, 120_000);

test("says what is wrong and ends", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => taken.once("listening", resolve));
  const PORT = String((taken.address() as AddressInfo).port);
  const file = join(directory, "file");
  await writeFile(file, "");
  const broken = join(directory, "broken");
  await mkdir(join(broken, "postgres"), { recursive: true });
  await writeFile(join(broken, "postgres/PG_VERSION"), "12");
  const expected: [Record<string, string>, RegExp][] = [
    [{ PORT: "http" }, /PORT is "http": must be a whole number/],
    [{ EARSHOT_DATA_DIR: file }, /is not a folder/],
    [{ EARSHOT_DATA_DIR: broken }, /The embedded database in .* can't be opened/],
    [{ DATABASE_URL: "postgres://x@127.0.0.1:1/x" }, /The database at 127.0.0.1:1 can't be reached/],
    [{ PORT }, /Port \d+ on 127.0.0.1 is taken by another program/],
  ];
  for (const [env, message] of expected) {
    const { exited, output } = start(env);
    expect([await exited, output()]).toEqual([1, expect.stringMatching(message)]);
  }
  taken.close();
}, 120_000);
