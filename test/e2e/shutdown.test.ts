import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Agent, Earshot } from "@earshot/sdk";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "./eventually.ts";
import { failToStart, type OwnServer, startOwnServer } from "./running-server.ts";
import { TestCaller } from "./test-caller.ts";
import { mountTinyDisk, reasonForNoDisk } from "./tiny-disk.ts";

/** A refused start takes well below a second of its own; the rest is the machine. */
const QUICKLY_MS = 20_000;
const NAME = "Waiting room under test";

describe("a server that is asked to stop", () => {
  let server: OwnServer;
  let earshot: Earshot;
  let agent: Agent;
  let dataDirectory: string;
  let caller: TestCaller | undefined;

  const start = async (shutdownTimeoutMs: number) => {
    const environment = { EARSHOT_SHUTDOWN_TIMEOUT_MS: String(shutdownTimeoutMs) };
    server = await startOwnServer({ dataDirectory, environment });
    earshot = new Earshot({ baseUrl: server.url, apiKey: server.apiKey });
    const { data } = await earshot.agents.list({ name: NAME });
    agent =
      data[0] ??
      (await earshot.agents.create({
        name: NAME,
        prompt: "You let people wait.",
        greeting: { mode: "off" },
        models: { languageModel: "builtin/receptionist" },
      }));
  };
  const call = async () => {
    const { id, audioUrl } = await earshot.calls.create({ agentId: agent.id, type: "web" });
    caller = await TestCaller.call(audioUrl);
    return { id, caller };
  };

  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), "earshot-shutdown-"));
  });
  afterEach(async () => {
    caller?.close();
    await server?.stop();
  });
  afterAll(() => rm(dataDirectory, { recursive: true, force: true }));

  it("lets a call finish, takes no new one and says why", async () => {
    await start(60_000);
    const { id, caller } = await call();
    server.send("SIGTERM");
    const refused = await eventually(() => refusedHealth(server));
    expect(refused).toContain("the server is shutting down");
    await expect(earshot.calls.create({ agentId: agent.id, type: "web" })).rejects.toMatchObject({
      status: 503,
      code: "not_ready",
      message: expect.stringContaining("shutting down"),
    });
    expect(await caller.hangUp()).toBe("caller-hung-up");
    expect(await server.exited).toBe(0);

    await start(500);
    expect(await earshot.calls.get(id)).toMatchObject({ status: "ended", endReason: "caller-hung-up" });
    const next = await call();
    server.send("SIGTERM");
    expect(await next.caller.untilClosed()).toBe("server-shutdown");
    expect(await server.exited).toBe(0);

    await start(60_000);
    expect(await earshot.calls.get(next.id)).toMatchObject({ status: "ended", endReason: "server-shutdown" });
    const { data } = await earshot.calls.journal(next.id);
    expect(data.at(-1)?.event).toMatchObject({ type: "call-ended", reason: "server-shutdown" });
    await call();
    server.send("SIGTERM");
    await eventually(() => refusedHealth(server));
    server.send("SIGTERM");
    expect(await server.exited).toBe(1);
  });
});

describe("a server that can't start", () => {
  let running: OwnServer;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "earshot-refused-"));
    running = await startOwnServer();
  });
  afterAll(async () => {
    await running?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const refuse = async (dataDirectory: string, options: { port?: number } = {}) => {
    const { exitCode, words, durationMs } = await failToStart({ dataDirectory, ...options });
    expect(words).toMatch(/^Earshot can't start\.\n/);
    expect(words.trim().split("\n"), "no stack").toHaveLength(2);
    expect(exitCode).toBe(1);
    expect(durationMs).toBeLessThan(QUICKLY_MS);
    return words;
  };

  it("names a port that is taken", async () => {
    const port = Number(new URL(running.url).port);
    expect(await refuse(join(folder, "new"), { port })).toContain(`Port ${port} on 127.0.0.1 is taken`);
  });

  it("names the server that uses the data directory already", async () => {
    const words = await refuse(running.dataDirectory);
    expect(words).toContain(`Another Earshot server (process ${running.pid} on `);
  });

  it("names a data directory that is a file", async () => {
    await writeFile(join(folder, "file"), "");
    expect(await refuse(join(folder, "file"))).toContain("is not a folder; set EARSHOT_DATA_DIR to a folder");
  });

  it("names a data directory that can't be written to", async () => {
    if (process.getuid?.() === 0) {
      if (reasonForNoDisk() !== undefined) return;
      const disk = await mountTinyDisk({ sizeKb: 100, isReadOnly: true });
      expect(await refuse(disk.path)).toContain("is on a read-only file system");
      await disk.remove();
    } else {
      const path = join(folder, "theirs");
      await mkdir(path);
      await chmod(path, 0o500);
      expect(await refuse(path)).toContain("can't be written to; change its owner");
    }
  });

  it.each(["PG_VERSION", "global/pg_control"])("names a database whose %s is garbage", async (file) => {
    const path = join(folder, file.replace("/", "-"));
    await cp(join(running.dataDirectory, "postgres"), join(path, "postgres"), { recursive: true });
    await writeFile(join(path, "postgres", file), "garbage");
    const words = await refuse(path);
    expect(words).toContain(`The embedded database in ${join(path, "postgres")} can't be opened`);
    expect(words).toContain("Restore the folder from a backup");
  });
});

async function refusedHealth(server: OwnServer): Promise<string> {
  const response = await fetch(`${server.url}/health`);
  expect(response.status).toBe(503);
  return response.text();
}
