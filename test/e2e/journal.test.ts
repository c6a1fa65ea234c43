import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JournalEntry, parseWav, type Samples, toMs } from "@earshot/engine";
import { Earshot } from "@earshot/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runEarshot } from "./run-earshot.ts";
import { type OwnServer, startOwnServer } from "./running-server.ts";
import { speakAsCaller } from "./speak-as-caller.ts";
import { TestCaller } from "./test-caller.ts";

/** What a batch may wait, and what storing it may take on a busy machine. */
const MAX_LOST_MS = 100 + 150;

describe("a call's journal", () => {
  let dataDirectory: string;
  let server: OwnServer;
  let earshot: Earshot;
  let order: Samples;
  let toolServer: ToolServer;

  const start = async () => {
    server = await startOwnServer({ dataDirectory, environment: { EARSHOT_ALLOW_PRIVATE_URLS: "127.0.0.1" } });
    earshot = new Earshot({ baseUrl: server.url, apiKey: server.apiKey });
  };

  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), "earshot-journal-"));
    toolServer = await serveTool((callId) => earshot.calls.journal(callId));
    await start();
    order = await speakAsCaller(earshot, "Could you check the weather for me?");
  });
  afterAll(async () => {
    await server?.stop();
    await toolServer?.close();
    await rm(dataDirectory, { recursive: true, force: true });
  });

  it("holds a tool's request before the tool is called, and calls it once", async () => {
    const agent = await earshot.agents.create({
      name: "Harbour under test",
      prompt: "You answer the phone of a harbour.",
      greeting: { mode: "off" },
      models: { languageModel: "builtin/receptionist" },
      tools: [
        {
          kind: "webhook",
          name: "check_weather",
          description: "Tells the weather.",
          phrases: ["check the weather"],
          url: toolServer.url,
        },
      ],
    });
    const { id, audioUrl } = await earshot.calls.create({ agentId: agent.id, type: "web", pace: "fast" });
    const caller = await TestCaller.call(audioUrl, { pace: "fast" });
    await caller.say(order);
    const finished = await caller.untilFact("tool-finished");
    await caller.untilFact("reply-ended", ({ atMs }) => atMs > finished.atMs);
    await caller.hangUp();
    expect(toolServer.requests).toHaveLength(1);
    const [{ callId, toolCallId, journal } = { callId: "", toolCallId: "", journal: [] }] = toolServer.requests;
    expect(callId).toBe(id);
    expect(journal.map(({ event }) => event)).toContainEqual(
      expect.objectContaining({ type: "tool-requested", toolCallId, name: "check_weather" }),
    );
    expect(finished.event).toMatchObject({ toolCallId, outcome: "succeeded" });
  });

  it("keeps all but the last moment of a call when the server is killed", async () => {
    const agent = await earshot.agents.create({
      name: "Storyteller under test",
      prompt: "You tell stories.",
      greeting: { mode: "static", text: LONG_GREETING },
      turnTaking: { bargeIn: { isEnabled: false } },
      models: { languageModel: "builtin/receptionist" },
    });
    const { id, audioUrl } = await earshot.calls.create({ agentId: agent.id, type: "web" });
    const caller = await TestCaller.call(audioUrl);
    const { atMs: startedAtMs } = await caller.untilFact("reply-audio-started");
    await caller.say(order);
    await caller.until(() => toMs(caller.playedSamples) > 5_200, "five seconds were heard");
    const seen = caller.entries.length;
    const lastSeenAtMs = startedAtMs + toMs(caller.playedSamples);
    server.send("SIGKILL");
    await server.exited;
    caller.close();
    await start();

    const call = await earshot.calls.get(id);
    expect(call).toMatchObject({ status: "ended", endReason: "server-crash" });
    const { data: journal } = await earshot.calls.journal(id);
    expect(journal.map(({ seq }) => seq)).toEqual(journal.map((_, index) => index + 1));
    expect(journal.at(-1)?.event).toMatchObject({ type: "call-ended", reason: "server-crash" });
    const stored = journal.slice(0, -1);
    expect(stored).toEqual(caller.entries.slice(0, stored.length));
    const lost = caller.entries.slice(stored.length, seen);
    for (const { atMs } of lost) expect(lastSeenAtMs - atMs).toBeLessThanOrEqual(MAX_LOST_MS);
    expect(call.transcript[0]?.text).toContain("Once upon a time");

    const recording = parseWav(await earshot.calls.recording(id));
    expect(recording.channels).toBe(2);
    expect(recording.durationMs).toBeGreaterThanOrEqual(lastSeenAtMs - 1_500);
    expect(recording.durationMs).toBeLessThanOrEqual(lastSeenAtMs + 1_500);
    expect(loudest(recording.samples, 0)).toBeGreaterThan(1000);
    expect(loudest(recording.samples, 1)).toBeGreaterThan(1000);
    const replayed = await runEarshot(server, ["replay", id]);
    expect(replayed.stdout).toMatch(/^identical/);
  });
});

const LONG_GREETING =
  "Once upon a time there was a fisherman who lived by the sea. Every morning he rowed out in his small boat, and " +
  "every evening he came home with a basket of silver fish. One day he found a bottle in his net, and in the bottle " +
  "was a letter that nobody had read for a hundred years.";

function loudest(stereo: Samples, channel: 0 | 1): number {
  let peak = 0;
  for (let at = channel; at < stereo.length; at += 2) peak = Math.max(peak, Math.abs(stereo[at] ?? 0));
  return peak;
}

type ToolRequest = { readonly callId: string; readonly toolCallId: string; readonly journal: readonly JournalEntry[] };
type ToolServer = { readonly url: string; readonly requests: readonly ToolRequest[]; close(): Promise<void> };

/** A tool that notes what the journal held at the moment it was called. */
async function serveTool(readJournal: (callId: string) => Promise<{ data: readonly unknown[] }>): Promise<ToolServer> {
  const requests: ToolRequest[] = [];
  const http: Server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { callId, toolCallId } = JSON.parse(body) as { callId: string; toolCallId: string };
    const { data } = await readJournal(callId);
    requests.push({ callId, toolCallId, journal: data as readonly JournalEntry[] });
    response.setHeader("content-type", "application/json").end(JSON.stringify({ weather: "fair" }));
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/weather`,
    requests,
    close: () => new Promise((resolve) => void http.close(() => resolve())),
  };
}
