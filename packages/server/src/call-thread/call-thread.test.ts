/** The real thread with the embedded models, as the API uses it. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FRAME_SAMPLES, type JournalEntry } from "@earshot/engine";
import { type SpeechHost, startSpeechHost } from "@earshot/providers/embedded";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newAgentShape } from "../agents/agent.ts";
import { TopicBus } from "../bus/topic-bus.ts";
import type { Call } from "../calls/call.ts";
import type { CallStore } from "../calls/store.ts";
import { readConfig } from "../config.ts";
import { createLog } from "../telemetry/log.ts";
import { systemWallClock as clock } from "../wall-clock.ts";
import { CallThread } from "./call-thread.ts";

const never = new AbortController().signal;
const entries: JournalEntry[] = [];
let directory: string;
let speech: SpeechHost;
let thread: CallThread;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "earshot-thread-"));
  speech = await startSpeechHost({ localModels: [], cacheDir: directory, log: () => {} });
  const calls = {
    append: async (_id: string, more: readonly JournalEntry[]) => void entries.push(...more),
    markActive: async () => true,
    markEnded: async () => true,
  } as unknown as CallStore;
  thread = new CallThread({
    config: readConfig({ EARSHOT_DATA_DIR: directory }),
    speech,
    localModels: [],
    store: { calls, clock, bus: new TopicBus(), onEnded: async () => {} },
    clock,
    log: createLog("silent"),
  });
  await thread.start();
}, 60_000);
afterAll(async () => {
  await thread?.close();
  await speech?.close();
  await rm(directory, { recursive: true, force: true });
});

async function reserve(id: string, settings: object = {}): Promise<void> {
  const agent = newAgentShape.parse({ name: "Ada", greeting: { mode: "off" }, isRecorded: false, ...settings });
  const call = { id, pace: "fast", variables: {}, metadata: {} } as unknown as Call;
  await thread.reserve({ call, agent });
}

/** A client that hears and says nothing. */
function connectQuietly(callId: string): void {
  const line = thread.connect(callId, {
    sendAudio: () => line?.receiveAudio(new Int16Array(FRAME_SAMPLES)),
    sendText: () => {},
    close: () => {},
  });
}

it("completes with the built-in receptionist", async () => {
  const request = {
    model: "builtin/receptionist",
    system: "You answer the phone.\n\n# Notes\n- We are open from nine to five.",
    messages: [{ role: "caller", text: "When are you open?" }],
    tools: [],
  } as const;
  let text = "";
  for await (const part of thread.complete(request, never)) if (part.type === "text") text += part.text;
  expect(text).toContain("nine to five");
  expect(() => thread.complete({ ...request, model: "acme/none" }, never)).toThrow(/no language model "acme\/none"/);
});

it.each([
  ["nothing of an agent that is silent", "none", 0],
  ["the bed of sound of an agent that has one", "office", 20],
] as const)(
  "sends a caller %s",
  async (_, clip, loudFrames) => {
    const id = `call_${clip}`;
    await reserve(id, { ambientSound: { clip } });
    const frames: Int16Array[] = [];
    const heard = Promise.withResolvers<void>();
    const line = thread.connect(id, {
      sendAudio: (frame) => {
        if (frames.push(frame.slice()) === 20) heard.resolve();
        line?.receiveAudio(new Int16Array(FRAME_SAMPLES));
      },
      sendText: () => {},
      close: () => {},
    });
    await heard.promise;
    expect(frames.slice(0, 20).filter((frame) => frame.some((sample) => sample !== 0))).toHaveLength(loudFrames);
    await thread.end(id, "api-request");
  },
  40_000,
);

it("has a live call say something and end, and tells where there is none", async () => {
  const say = { text: "We close now. Goodbye.", endAfter: true };
  await reserve("call_1");
  expect(await thread.say("call_1", say)).toBe(false);
  expect(await thread.mute("call_2", true)).toBe(false);
  connectQuietly("call_1");
  expect(await thread.say("call_1", say)).toBe(true);
  await thread.drain(20_000);
  const heard = entries.flatMap(({ event }) => (event.type === "reply-heard" ? [event.text] : []));
  expect(heard.join(" ")).toBe("We close now. Goodbye.");
  expect(entries.at(-1)?.event).toMatchObject({ type: "call-ended", reason: "api-request" });
  expect(await thread.injectContext("call_1", { content: "Paid.", shouldReply: false })).toBe(false);
}, 40_000);
