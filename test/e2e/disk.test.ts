import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseWav, type Samples, toMs } from "@earshot/engine";
import { type Agent, Earshot } from "@earshot/sdk";
import { afterEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../packages/server/src/storage/database.ts";
import { eventually } from "./eventually.ts";
import { runEarshot } from "./run-earshot.ts";
import { type OwnServer, startOwnServer } from "./running-server.ts";
import { speakAsCaller } from "./speak-as-caller.ts";
import { TestCaller } from "./test-caller.ts";
import { mountTinyDisk, reasonForNoDisk, type TinyDisk } from "./tiny-disk.ts";
import { untilEnded } from "./until-ended.ts";

describe.skipIf(reasonForNoDisk() !== undefined)("a full disk", () => {
  let disk: TinyDisk;
  let server: OwnServer;
  let earshot: Earshot;
  const folders: string[] = [];

  afterEach(async () => {
    await server?.stop();
    await disk?.remove();
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });

  const start = async (dataDirectory: string) => {
    server = await startOwnServer({ dataDirectory, environment: { EARSHOT_MIN_FREE_DISK_MB: "1" } });
    earshot = new Earshot({ baseUrl: server.url, apiKey: server.apiKey });
  };

  it("ends the recording and not the call", async () => {
    disk = await mountTinyDisk({ sizeKb: 2_000 });
    const dataDirectory = await mkdtemp(join(tmpdir(), "earshot-full-"));
    folders.push(dataDirectory);
    await symlink(disk.path, join(dataDirectory, "recordings"));
    await start(dataDirectory);
    const { id, caller, question } = await beginCall(earshot);
    disk.fill();
    await caller.untilFact("recording-failed");
    expect(await health(server)).toMatchObject({
      status: "not_ready",
      reason: expect.stringContaining("are free for"),
    });
    await answers(caller, question);
    await caller.hangUp();
    await untilEnded(earshot, id);
    const { data } = await earshot.calls.journal(id);
    expect(data.filter(({ event }) => event.type === "recording-failed")).toHaveLength(1);
    expect(data.at(-1)?.event).toMatchObject({ type: "call-ended", reason: "caller-hung-up" });
    expect(parseWav(await earshot.calls.recording(id)).durationMs).toBeGreaterThan(0);
  });

  it("costs nothing of what was stored, and nothing of the call that goes on meanwhile", async () => {
    disk = await mountTinyDisk({ sizeKb: 150_000 });
    const dataDirectory = join(disk.path, "data");
    await mkdir(dataDirectory);
    await start(dataDirectory);
    const before = await beginCall(earshot);
    await before.caller.hangUp();
    const { id, agent, caller, question } = await beginCall(earshot);
    disk.fill();
    await answers(caller, question);
    const wall = performance.now();
    await caller.until(() => performance.now() - wall > 3_000, "time passed");
    expect(await health(server)).toMatchObject({
      status: "not_ready",
      reason: expect.stringContaining("are free for"),
    });
    await caller.hangUp();
    disk.free();

    await untilEnded(earshot, id);
    await eventually(async () => {
      const { data } = await earshot.calls.journal(id);
      expect(data.at(-1)?.event).toMatchObject({ type: "call-ended", reason: "caller-hung-up" });
    });
    const { data } = await earshot.calls.journal(id);
    expect(data.slice(0, caller.entries.length)).toEqual(caller.entries);
    expect((await runEarshot(server, ["replay", id])).stdout).toMatch(/^identical/);
    expect(await earshot.calls.get(before.id)).toMatchObject({ status: "ended", endReason: "caller-hung-up" });
    expect(await earshot.agents.get(agent.id)).toMatchObject({ name: agent.name });
    await eventually(async () => expect(await health(server)).toMatchObject({ status: "ready" }));

    await server.stop();
    await start(dataDirectory);
    expect((await earshot.calls.journal(id)).data).toEqual(data);
  });
});

describe.skipIf(reasonForNoDisk() !== undefined)("the embedded database", () => {
  it("goes on by itself when there is room again for its log", async () => {
    const disk = await mountTinyDisk({ sizeKb: 100_000 });
    const database = await openDatabase({ dataDirectory: disk.path });
    const write = (kb: number) =>
      database.pool.query("select pg_logical_emit_message(false, 'test', repeat('x', $1))", [kb * 1024]);
    disk.fill();
    await expect(writeUntilFull(() => write(500))).rejects.toThrow("No space left on device");
    await expect(database.check()).rejects.toThrow();
    disk.free();
    await eventually(() => write(500));
    await database.check();
    await database.close();
    await disk.remove();
  });
});

async function writeUntilFull(write: () => Promise<unknown>): Promise<never> {
  for (;;) await write();
}

type Begun = { readonly id: string; readonly agent: Agent; readonly caller: TestCaller; readonly question: Samples };

async function beginCall(earshot: Earshot): Promise<Begun> {
  const agent = await earshot.agents.create({
    name: "Library under test",
    prompt: "You answer the phone of a library.",
    greeting: { mode: "static", text: "Hello, this is the library." },
    notes: ["The library is open from nine to five."],
    models: { languageModel: "builtin/receptionist" },
  });
  const question = await speakAsCaller(earshot, "When is the library open?");
  const { id, audioUrl } = await earshot.calls.create({ agentId: agent.id, type: "web" });
  const caller = await TestCaller.call(audioUrl);
  await caller.untilFact("reply-ended");
  return { id, agent, caller, question };
}

async function answers(caller: TestCaller, question: Samples): Promise<void> {
  const playedBefore = caller.playedSamples;
  await caller.say(question);
  await caller.until(() => toMs(caller.playedSamples - playedBefore) > 1_000, "an answer was heard");
}

async function health(server: OwnServer): Promise<{ readonly status: string; readonly reason: string }> {
  const response = await fetch(`${server.url}/health`);
  const body = (await response.json()) as { status: string; checks: { isOk: boolean; reason?: string }[] };
  return { status: body.status, reason: body.checks.map(({ reason }) => reason ?? "").join("; ") };
}
