import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Samples, type SpeechChunk, type SpeechToTextEvent, toMs, type WordTiming } from "@earshot/engine";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectSpeech, type SpeechConnection } from "./connect-speech.ts";
import { type SpeechHost, startSpeechHost } from "./speech-host.ts";

let cacheDir = "";
let host: SpeechHost;
let speech: SpeechConnection;

beforeAll(async () => {
  cacheDir = await mkdtemp(path.join(tmpdir(), "earshot-scripted-"));
  host = await startSpeechHost({ cacheDir, isScripted: true });
  speech = connectSpeech(host.connect().bundle);
}, 60_000);
afterAll(async () => {
  speech.close();
  await host.close();
  await rm(cacheDir, { recursive: true });
});

async function say(text: string): Promise<{ samples: Samples; words: readonly WordTiming[] }> {
  const chunks: SpeechChunk[] = [];
  const request = { text, voiceId: speech.textToSpeech.voices()[0]?.id ?? "" };
  for await (const chunk of speech.textToSpeech.speak(request, new AbortController().signal)) chunks.push(chunk);
  const samples = Int16Array.from(chunks.flatMap((chunk) => [...chunk.samples]));
  return { samples, words: chunks.flatMap(({ words = [] }) => words) };
}

it("hears the same sentence in everything, with its first words so far", async () => {
  const { samples } = await say("Anything at all, as long as it takes a while.");
  const events: SpeechToTextEvent[] = [];
  const { promise: heard, resolve } = Promise.withResolvers<void>();
  const stream = speech.speechToText.open({
    language: "en-US",
    partialEveryMs: 100,
    onEvent: (event) => {
      events.push(event);
      if (event.type === "final") resolve();
    },
  });
  stream.begin(1);
  stream.push(samples);
  stream.glance?.(1);
  stream.end(1);
  await heard;
  stream.close();
  const whole = "Could you tell me what your opening hours are on Saturdays?";
  expect(events.at(-1)).toMatchObject({ type: "final", text: whole });
  for (const event of events) if (event.type === "partial") expect(whole.startsWith(event.text)).toBe(true);
});

it("speaks at the usual pace and says when each word is spoken, and names itself for what it is", async () => {
  const { samples, words } = await say("One two three four five six. Seven eight nine ten eleven twelve.");
  expect(toMs(samples.length)).toBeCloseTo((12 * 60_000) / 170, -2);
  expect(words.map(({ text }) => text).slice(5, 7)).toEqual(["six.", "Seven"]);
  expect(words.at(-1)?.endMs).toBeCloseTo(toMs(samples.length), -1);
  expect(Math.max(...samples)).toBeGreaterThan(3_000);
  expect((await say("...")).samples.length).toBe(0);
  const names = host.models().map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["scripted/speech-to-text", "scripted/text-to-speech"]));
  expect(names).toContain("embedded/silero-v6");
  expect(names.join()).not.toContain("moonshine");
});

it("takes the recording for speech: voice activity is real", async () => {
  const { samples } = await say("One two three four five six seven eight.");
  const stream = speech.voiceActivity.open();
  const scores: number[] = [];
  const { promise: scored, resolve } = Promise.withResolvers<void>();
  const windows = Math.floor(samples.length / 512);
  for (let at = 0; at < windows; at++) {
    stream.score(samples.slice(at * 512, (at + 1) * 512), (probability) => {
      scores.push(probability);
      if (scores.length === windows) resolve();
    });
  }
  await scored;
  stream.close();
  expect(scores.filter((score) => score > 0.5).length / windows).toBeGreaterThan(0.7);
});
