import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { encodeWav } from "@earshot/engine";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type FakeEarshotServer, startFakeServer } from "./fake-earshot-server.ts";

const bin = join(import.meta.dirname, "../bin/earshot.mjs");
/** Starting a process takes a second, and far longer on a busy machine. */
const STARTS_WITHIN_MS = 30_000;
let server: FakeEarshotServer;
let folder = "";

beforeEach(async () => {
  server = await startFakeServer();
  folder = await mkdtemp(join(tmpdir(), "earshot-bin-"));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

it("calls from a process of its own, prints one object and ends by itself", { timeout: STARTS_WITHIN_MS }, async () => {
  const wav = await question();
  const { code, stdout, stderr } = await run(["call", "--agent", "Front desk", "--wav", wav, "--fast", "--json"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({ id: "call_1", outcome: "answered" });
});

it("hangs up at the first Ctrl-C and says so with its exit code", { timeout: STARTS_WITHIN_MS }, async () => {
  const child = start(["call", "--agent", "agt_1", "--wav", await question(10)]);
  const result = finish(child);
  await waitFor(() => (server.agents[0]?.framesReceived ?? 0) > 0);
  child.kill("SIGINT");
  expect(await result).toMatchObject({ code: 130, stderr: "earshot: Interrupted: the call was hung up.\n" });
  expect(server.agents[0]?.soundReceived).toBeLessThan(160_000);
});

it("ends with an error and no stack when the server is away", { timeout: STARTS_WITHIN_MS }, async () => {
  await server.close();
  const { code, stdout, stderr } = await run(["agents", "list"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr.split("\n")).toHaveLength(2);
});

function start(args: readonly string[]) {
  const env = { ...process.env, EARSHOT_URL: server.url };
  return spawn(process.execPath, [bin, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
}

async function finish(child: ReturnType<typeof start>) {
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await once(child, "close")) as [number | null];
  const [stdout, stderr] = await output;
  return { code, stdout, stderr };
}

function run(args: readonly string[]) {
  return finish(start(args));
}

async function question(seconds = 0.5): Promise<string> {
  const path = join(folder, "question.wav");
  await writeFile(path, encodeWav({ samples: new Int16Array(16_000 * seconds).fill(3000), sampleRateHz: 16_000 }));
  return path;
}

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
