/** Models that stall, babble or die: the caller is never left in silence, and the journal says why. */

import { describe, expect, it } from "vitest";
import type { Samples } from "../audio/frame.ts";
import { DEFAULT_RULES } from "../conversation/rules.ts";
import type { LanguageModel, ReplyPart } from "../models/language-model.ts";
import { ProviderError } from "../models/provider-error.ts";
import type { SpeakRequest, SpeechChunk, TextToSpeech } from "../models/text-to-speech.ts";
import { makeScriptedCall, type ScriptedCallSetup } from "../testing/scripted-call.ts";
import { tone } from "../testing/scripted-models.ts";
import { findDeadAir } from "../testing/session/dead-air.ts";

/** Without any sound of the agent, while the caller waits; the next frame is on its way. */
const DEAD_AIR_MS = 1_500 + 40;
const FILLED = /(?:One moment|Let me see|Just a second)\./;

async function answer(setup: ScriptedCallSetup, waitMs = 8_000) {
  const call = makeScriptedCall({ texts: ["Hi."], ...setup });
  await call.say(600, waitMs);
  const failures = call.journal.entries.flatMap(({ event }) =>
    event.type === "reply-failed" || event.type === "voice-failed" || event.type === "transcript-failed"
      ? [event.message]
      : [],
  );
  expect(call.bugs).toEqual([]);
  const { modelMs, toolMs } = findDeadAir(call.journal.entries, call.leg.heardAtMs);
  expect(Math.max(modelMs, toolMs)).toBeLessThanOrEqual(DEAD_AIR_MS);
  return {
    ...call,
    failures,
    sounds: call.orders().filter((type) => type === "play-sound").length,
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

  it("that stalls behind a sentence has it said at once, and is bridged after it", async () => {
    const call = await answer({ languageModel: stallingAfter("We are open.") });
    expect(call.said).toMatch(/^agent: We are open\. (?:One moment|Let me see|Just a second)\.$/);
    expect(call.sounds).toBeGreaterThan(0);
  });

  it("that stalls behind words that were heard is given up early where another one stands ready", async () => {
    const call = await answer({ languageModel: stallingAfter("We are open."), fallbackReplies: ["Hello."] });
    expect(call.failures).toEqual(["stalling gave nothing for 3 seconds"]);
    expect(call.said).toMatch(/^agent: We are open\. .+ agent: I'm sorry/);
  });

  it("that stalls for good where no other stands ready is bridged until it is given up", async () => {
    const call = await answer({ replies: ["Too late."], firstTokenMs: 60_000 }, 40_000);
    expect(call.failures).toHaveLength(2);
    expect(call.said).toMatch(/Could you say it again\?/);
  });

  it("that dies behind words that were heard has the caller asked to say it again", async () => {
    const reply = [text("We are open. "), text("From "), failure("language-model")];
    const call = await answer({ replies: [reply], wordMs: 700 });
    expect(call.failures).toEqual(["the socket died"]);
    expect(call.said).toMatch(/^agent: We are open\. agent: I'm sorry/);
  });

  it("that waits for a tool which never answers is bridged", async () => {
    const toolCall: ReplyPart = { type: "tool-call", call: { id: "t1", name: "book", arguments: "{}" } };
    const call = await answer({ replies: [[toolCall], "Sorry."], tools: { run: () => new Promise(() => {}) } }, 70_000);
    expect(call.said).toMatch(/agent: Sorry\.$/);
    expect(call.sounds).toBeGreaterThan(30);
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

  it.each([0, 2])("that stalls where there is no other is bridged by a sound after %i words", async (afterWords) => {
    const call = await answer({ replies: [`${words}.`], textToSpeech: dyingVoice(afterWords, 60_000) });
    expect(call.failures[0]).toMatch(/^dying gave nothing for 5/);
    expect(call.sounds).toBeGreaterThan(1);
  });

  it("that stalls while the model does is no reason for silence", async () => {
    const call = await answer(
      { replies: ["Hello."], firstTokenMs: 4_000, textToSpeech: dyingVoice(0, 60_000) },
      20_000,
    );
    expect(call.sounds).toBeGreaterThan(1);
  });

  it("that dies once is tried once more where there is no other", async () => {
    const call = await answer({ replies: [`${words}.`], textToSpeech: dyingVoice(2, undefined, 1) });
    expect(call.said).toBe(`agent: ${words}.`);
    expect(call.types()).toContain("voice-failed");
  });
});

describe("a recogniser", () => {
  it("that dies in mid-word has the caller asked to say it again", async () => {
    const died = new ProviderError({ provider: "p", stage: "speech-to-text", kind: "unreachable", message: "gone" });
    const call = await answer({ texts: [died] });
    expect(call.failures).toEqual(["gone"]);
    expect(call.said).toMatch(/Could you say it again\?/);
  });

  it("that stalls is bridged by a sound, and given up", async () => {
    const call = await answer({ wordsAfterMs: 60_000 }, 14_000);
    const { minMs } = DEFAULT_RULES.endOfTurn;
    expect(call.leg.heardAtMs[0]).toBeLessThanOrEqual(600 + minMs + DEAD_AIR_MS);
    expect(call.failures).toEqual([expect.stringMatching(/^no words within \d+ ms$/)]);
    expect(call.said).toMatch(/Could you say it again\?/);
  });
});

describe("a realtime model", () => {
  it("that stalls, whether it answers by itself or is asked to, is bridged and replaced", async () => {
    for (const isShy of [false, true]) {
      const call = await answer(
        { realtime: { texts: ["Hi."], answers: ["stall"], isShy }, replies: ["Hello."] },
        12_000,
      );
      const endedAtMs = call.journal.entries.find(({ event }) => event.type === "caller-speech-ended")?.atMs ?? 0;
      expect((call.leg.heardAtMs[0] ?? Number.NaN) - endedAtMs).toBeLessThanOrEqual(DEAD_AIR_MS + 200);
      expect(call.said).toMatch(FILLED);
      expect(call.said).toMatch(/Hello\.$/);
    }
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
