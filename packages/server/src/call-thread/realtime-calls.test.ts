/** Calls that a realtime model holds, over its protocol, at the pace of the clock on the wall. */

import { FRAME_MS, FRAME_SAMPLES, type JournalEntry, replayJournal, SystemClock } from "@earshot/engine";
import { RealtimeServer } from "@earshot/providers/testing/realtime-server";
import { afterEach, expect, it } from "vitest";
import { toTranscript } from "../calls/to-transcript.ts";
import { loadRealtimeModels } from "./load-realtime-models.ts";
import { ScriptedDesk } from "./testing/scripted-desk.ts";

const CALL = "call_1";
const NO_KEYS = { url: undefined, key: undefined, model: undefined };

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function ring(apiKey: string) {
  const server = new RealtimeServer({
    hears: ["When are you open?"],
    answer: ({ heard }) => ({ text: heard ? "Nine to five." : "Well." }),
  });
  await server.listen();
  closers.push(() => server.close());
  const clock = new SystemClock();
  const languageModel = {
    ...NO_KEYS,
    openaiKey: undefined,
    anthropicKey: undefined,
    groqKey: undefined,
    ollamaHost: undefined,
  };
  const realtime = { url: server.url, key: apiKey, model: "voice-1", xaiKey: undefined };
  const realtimeModels = loadRealtimeModels({ realtime, languageModel }, clock);
  const desk = new ScriptedDesk({
    clock,
    texts: ["When are you open?"],
    replies: { "": ["Pipeline."] },
    realtimeModels,
  });
  const greeting = { mode: "static", text: "Good morning." };
  desk.reserve(CALL, { mode: "speech-to-speech", prompt: "We open at nine.", greeting }, { pace: "real" });
  desk.attach(CALL);
  return { desk, server };
}

/** 600 ms of a tone, frame by frame, as a browser sends them. */
function speak(desk: ScriptedDesk): void {
  let at = 0;
  const stop = new SystemClock().every(FRAME_MS, () => {
    const samples = Int16Array.from({ length: FRAME_SAMPLES }, (_, i) => Math.round(9000 * Math.sin((at + i) / 11)));
    desk.desk.receive({ type: "audio", callId: CALL, wireId: 1, samples });
    at += FRAME_SAMPLES;
    if (at >= 9600) stop();
  });
}

it("is greeted, heard and answered by it", async () => {
  const { desk, server } = await ring("key");
  await desk.until("journal", () => desk.heard(CALL).includes("Good morning."));
  speak(desk);
  await desk.until("journal", () => desk.heard(CALL).includes("Nine to five."));
  expect((await server.session(0)).settings?.instructions).toContain("We open at nine.");
  desk.desk.receive({ type: "end", callId: CALL, reason: "api-request" });
  await desk.until("ended");
  const entries = desk.entries(CALL) as JournalEntry[];
  expect(toTranscript(entries).map(({ role, text }) => `${role}: ${text}`)).toEqual([
    "agent: Good morning.",
    "caller: When are you open?",
    "agent: Nine to five.",
  ]);
  expect(replayJournal(entries).outcome).toBe("identical");
});

it("has the pipeline where its key is refused, and the reason in its journal", async () => {
  const { desk } = await ring("wrong");
  await desk.until("journal", () => desk.heard(CALL).includes("Good morning."));
  const failed = desk.entries(CALL).find(({ event }) => event.type === "realtime-failed");
  expect(failed?.event).toMatchObject({ provider: "endpoint/voice-1", kind: "unauthorized" });
});
