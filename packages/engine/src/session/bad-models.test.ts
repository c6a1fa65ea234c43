/** Models that stall, babble or die: the caller is never left in silence, and the journal says why. */

import { describe, expect, it } from "vitest";
import type { Samples } from "../audio/frame.ts";
import type { LanguageModel, ReplyPart } from "../models/language-model.ts";
import { ProviderError } from "../models/provider-error.ts";
import type { SpeakRequest, SpeechChunk, TextToSpeech } from "../models/text-to-speech.ts";
import { makeScriptedCall, type ScriptedCallSetup } from "../testing/scripted-call.ts";
import { tone } from "../testing/scripted-models.ts";

/** Without any sound of the agent, while the caller waits. */
const DEAD_AIR_MS = 1_500;
const VOICE_DELAY_MS = 50;
const FILLED = /(?:One moment|Let me see|Just a second)\./;

/** The longest time between the order to answer, or a failure, and the next sound. */
function deadAirMs({ journal }: ReturnType<typeof makeScriptedCall>): number {
  let sinceMs: number | undefined;
  let longest = 0;
  for (const { event, effects, atMs } of journal.entries) {
    if (event.type === "reply-audio-started" && sinceMs !== undefined) {
      longest = Math.max(longest, atMs - sinceMs);
      sinceMs = undefined;
    }
    if (effects.some(({ type }) => type === "start-reply")) sinceMs ??= atMs;
  }
  return longest;
}

async function answer(setup: ScriptedCallSetup, waitMs = 8_000) {
  const call = makeScriptedCall({ texts: ["Hi."], ...setup });
  await call.say(600, waitMs);
  const failures = call.journal.entries.flatMap(({ event }) =>
    event.type === "reply-failed" || event.type === "voice-failed" ? [event.message] : [],
  );
  expect(call.bugs).toEqual([]);
  expect(deadAirMs(call)).toBeLessThanOrEqual(DEAD_AIR_MS + VOICE_DELAY_MS + 20);
  return {
    ...call,
    failures,
    said: call
      .spoken()
      .filter((line) => line.startsWith("agent"))
      .join(" "),
  };
}

const text = (words: string): ReplyPart => ({ type: "text", text: words });
const failure = (stage: "language-model" | "text-to-speech") =>
  new ProviderError({ provider: "p", stage, kind: "unreachable", message: "the socket died" });

describe("a model", () => {
  it("that stalls is bridged, and replaced after three seconds", async () => {
    const call = await answer({ replies: ["Too late."], firstTokenMs: 60_000, fallbackReplies: ["Hello."] });
    expect(call.failures).toEqual(["scripted/brain gave nothing for 3 seconds"]);
    expect(call.said).toMatch(FILLED);
    expect(call.said).toMatch(/agent: Hello\.$/);
  });

  it("that stalled is not asked again in the next minute", async () => {
    const call = await answer({
      texts: ["Hi.", "And?"],
      replies: ["Too late."],
      firstTokenMs: 60_000,
      fallbackReplies: ["Hello."],
    });
    await call.say(600, 3_000);
    expect(call.languageModel.requests).toHaveLength(1);
  });

  it("that stalls behind a sentence has it said at once", async () => {
    const call = makeScriptedCall({ texts: ["Hi."], languageModel: stallingAfter("We are open.") });
    await call.say(600, 4_000);
    expect(call.spoken()).toEqual(["caller: Hi.", "agent: We are open."]);
  });

  it("that stalls in its first words is bridged and replaced", async () => {
    const call = await answer({ languageModel: stallingAfter("We are"), fallbackReplies: ["Hello."] });
    expect(call.said).toMatch(FILLED);
    expect(call.said).toMatch(/agent: Hello\.$/);
  });

  it.each([
    ["nothing", []],
    ["nothing but signs", [text("👍 \n ")]],
    ["garbage", [text("\u0000\u200b")]],
    ["a failure in its first word", [text("Hel"), failure("language-model")]],
  ])("that gives %s is asked again", async (_what, reply) => {
    const call = await answer({ replies: [reply, "Hello."] });
    expect(call.failures).toHaveLength(1);
    expect(call.said).toBe("agent: Hello.");
  });

  it("that repeats itself over and over is cut, and the caller is asked to say it again", async () => {
    const call = await answer({ replies: ["We are open all day. ".repeat(200)], wordMs: 100 });
    expect(call.failures).toEqual(["scripted/brain gave the same words over and over"]);
    expect(call.said.match(/open all day/g)?.length).toBeLessThanOrEqual(2);
    expect(call.said).toContain("Could you say it again?");
  });

  it.each([
    ["an unknown tool", "no_such_tool", "{}"],
    ["a tool with broken arguments", "book", '{"at": 7'],
  ])("that calls %s is told so, and answers", async (_what, name, given) => {
    const toolCall: ReplyPart = { type: "tool-call", call: { id: "t1", name, arguments: given } };
    const call = await answer({
      replies: [[toolCall], "I can't do that."],
      tools: { run: () => Promise.reject(new Error("that is no good")) },
    });
    expect(call.spoken()).toContain("tool: that is no good");
    expect(call.said).toMatch(/I can't do that\.$/);
  });
});

describe("a voice", () => {
  const words = "one two three four five six";

  it.each([undefined, 60_000])("that dies in mid-word is replaced for the rest of the sentence", async (stallMs) => {
    const voice = dyingVoice(2, stallMs);
    const call = await answer({ replies: [`${words}.`], textToSpeech: voice, fallbackVoice: true });
    expect(call.said).toBe(`agent: ${words}.`);
    expect(call.failures).toHaveLength(1);
    expect(call.textToSpeech.spoken.map((request) => request.text)).toEqual(["three four five six."]);
  });

  it("that gives nothing is replaced", async () => {
    const call = await answer({ replies: ["Hello."], textToSpeech: dyingVoice(0), fallbackVoice: true });
    expect(call.said).toBe("agent: Hello.");
  });

  it("that dies once is tried once more where there is no other", async () => {
    const call = await answer({ replies: [`${words}.`], textToSpeech: dyingVoice(2, undefined, 1) });
    expect(call.said).toBe(`agent: ${words}.`);
    expect(call.types()).toContain("voice-failed");
  });
});

function stallingAfter(words: string): LanguageModel {
  return {
    name: "stalling",
    async *reply(_request, signal) {
      yield text(words);
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    },
  };
}

/** Gives a quarter of a second for each of the first words of a sentence; then it fails, or stalls. */
function dyingVoice(afterWords: number, stallMs?: number, times = Number.POSITIVE_INFINITY): TextToSpeech {
  let spoken = 0;
  const sound = (count: number): Samples => tone(count * 250);
  return {
    name: "dying",
    voices: () => [{ id: "scripted:tone", name: "Tone", language: "en-US" }],
    async *speak({ text: said }: SpeakRequest, signal): AsyncGenerator<SpeechChunk> {
      const all = said
        .split(" ")
        .map((word, index) => ({ text: word, startMs: index * 250, endMs: index * 250 + 250 }));
      const isDying = ++spoken <= times;
      const count = isDying ? afterWords : all.length;
      if (count > 0) yield { samples: sound(count), words: all };
      if (!isDying) return;
      if (stallMs === undefined) throw failure("text-to-speech");
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    },
  };
}
