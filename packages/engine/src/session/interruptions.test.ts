import { describe, expect, it } from "vitest";
import { DEFAULT_RULES, type Rules } from "../conversation/rules.ts";
import { replayJournal } from "../journal/replay.ts";
import type { TextToSpeech } from "../models/text-to-speech.ts";
import { makeScriptedCall } from "../testing/scripted-call.ts";
import { type ScriptedWords, tone } from "../testing/scripted-models.ts";

const STORY = "once upon a time there was a king who had three sons and a very old horse and no money at all";

/** The agent is in the middle of a story when the caller makes a sound of `ms`. */
async function interject(words: ScriptedWords, ms: number, bargeIn: Partial<Rules["bargeIn"]> = {}) {
  const call = makeScriptedCall({
    texts: ["Tell me a story.", words],
    replies: [STORY, "Okay."],
    rules: { bargeIn: { ...DEFAULT_RULES.bargeIn, ...bargeIn } },
  });
  await call.say(800, 2_600);
  const beganAtMs = call.clock.nowMs();
  await call.say(ms, 9_000);
  const at = (type: string) =>
    (call.journal.entries.find(({ atMs, effects }) => atMs >= beganAtMs && effects.some((e) => e.type === type))
      ?.atMs ?? Number.NaN) - beganAtMs;
  return { ...call, at };
}

describe("while the caller makes a sound over the agent", () => {
  it("the agent is low within 100 ms and stops within 200 ms of hearing words", async () => {
    const call = await interject({ final: "No, I meant Tuesday.", soFar: "No I" }, 1_500);
    expect(call.at("duck-reply")).toBeLessThanOrEqual(100);
    // Words are first asked for after 260 ms and come 100 ms later.
    expect(call.at("cancel-reply")).toBeLessThanOrEqual(420);
    expect(call.spoken().at(-1)).toBe("agent: Okay.");
  });

  it("plays the story quietly, and as loud as before once it was nothing", async () => {
    const call = await interject("", 250);
    const peaks = call.leg.heard.map((frame) => Math.max(...frame));
    expect(peaks.filter((peak) => peak > 500 && peak < 2_500).length).toBeGreaterThan(10);
    expect(peaks.at(-1)).toBeGreaterThan(7_000);
    expect(call.orders()).not.toContain("cancel-reply");
  });

  it.each(["Mm-hmm.", "Yeah.", "Okay, right.", "Uh-huh, I see."])('goes on over "%s", and keeps it', async (words) => {
    const call = await interject({ final: words, soFar: words }, 700);
    expect(call.orders()).toEqual(expect.arrayContaining(["duck-reply", "unduck-reply"]));
    expect(call.orders()).not.toContain("cancel-reply");
    expect(call.spoken()).toEqual(["caller: Tell me a story.", `agent: ${STORY}`, `caller: ${words}`]);
    expect(call.languageModel.requests).toHaveLength(1);
  });

  it("takes a yes for an answer when the agent has finished meanwhile", async () => {
    const call = makeScriptedCall({ texts: ["Hi.", "Yes."], replies: ["Is it Tuesday?", "Fine, Tuesday."] });
    await call.say(600, 1_300);
    await call.say(500, 4_000);
    expect(call.spoken().slice(-2)).toEqual(["caller: Yes.", "agent: Fine, Tuesday."]);
  });

  it("stops for one word that wants the floor, however short", async () => {
    const call = await interject("Wait.", 350);
    expect(call.spoken().slice(-2)).toEqual(["caller: Wait.", "agent: Okay."]);
  });

  it("stops for a long sound whose words nobody knows", async () => {
    const call = await interject({ final: "", soFar: "" }, 1_500);
    expect(call.at("cancel-reply")).toBeGreaterThan(950);
    expect(call.at("cancel-reply")).toBeLessThan(1_050);
    const said = call
      .spoken()
      .slice(1)
      .map((line) => line.replace("agent: ", ""));
    expect(said.join(" ")).toBe(STORY);
  });

  it("goes on from the exact word after it was stopped by a long mm-hmm", async () => {
    const call = await interject("Mm-hmm.", 1_500);
    expect(call.orders()).toContain("cancel-reply");
    const said = call.spoken().filter((line) => line.startsWith("agent"));
    expect(said.map((line) => line.replace("agent: ", "")).join(" ")).toBe(STORY);
  });

  it("stops at the first sound where the agent is that sensitive", async () => {
    const call = await interject("", 300, { minSpeechMs: 0, maxUndecidedMs: 0 });
    expect(call.at("cancel-reply")).toBeLessThanOrEqual(100);
  });

  it("never stops where interruptions are off, and answers afterwards", async () => {
    const call = await interject("Stop right now please.", 1_500, { isEnabled: false });
    expect(call.orders()).not.toContain("duck-reply");
    expect(call.spoken()).toEqual([
      "caller: Tell me a story.",
      `agent: ${STORY}`,
      "caller: Stop right now please.",
      "agent: Okay.",
    ]);
  });

  it("goes on over words that nobody can have said so fast, and answers them afterwards", async () => {
    const call = await interject({ final: "I thought that.", soFar: "" }, 350);
    expect(call.orders()).not.toContain("cancel-reply");
    expect(call.spoken().slice(-3)).toEqual([`agent: ${STORY}`, "caller: I thought that.", "agent: Okay."]);
  });

  it.each([
    ["sooner for words that were heard twice", ["the", "the blue"], 400],
    ["later for words that were heard once", ["the blue"], 550],
    ["latest for words behind a yeah", ["yeah", "you know"], 700],
    ["much later for what may become a backchannel", ["so", "I"], 1_000],
  ])("stops %s", async (_, heard, stopsAtMs) => {
    const call = makeScriptedCall({ texts: ["Tell me a story."], replies: [STORY] });
    await call.say(800, 2_600);
    const beganAtMs = call.clock.nowMs();
    call.session.post({ type: "caller-speech-started", utteranceId: 2, firstSampleAtMs: beganAtMs });
    for (const text of heard) {
      await call.clock.advance(100);
      call.session.post({ type: "transcript-partial", utteranceId: 2, text });
    }
    await call.clock.advance(2_000);
    const stopped = call.journal.entries.find(({ effects }) => effects.some(({ type }) => type === "cancel-reply"));
    expect((stopped?.atMs ?? 0) - beganAtMs).toBe(stopsAtMs);
  });

  it("waits for as many words as the agent wants", async () => {
    const call = await interject({ final: "Tuesday.", soFar: "Tuesday" }, 900, { minWords: 3 });
    expect(call.orders()).not.toContain("cancel-reply");
    expect(call.spoken().at(-1)).toBe("agent: Okay.");
  });

  it("goes on when words don't come at all", async () => {
    const call = makeScriptedCall({ texts: ["Tell me a story."], replies: [STORY] });
    await call.say(800, 2_600);
    call.session.post({ type: "caller-speech-started", utteranceId: 2, firstSampleAtMs: 3_350 });
    call.session.post({ type: "caller-speech-ended", utteranceId: 2, lastSampleAtMs: 3_400 });
    await call.clock.advance(1_600);
    expect(call.orders().at(-1)).toBe("unduck-reply");
  });

  it("replays every one of these to the letter", async () => {
    for (const words of ["", "Mm-hmm.", "Wait.", "I meant Tuesday."]) {
      const call = await interject({ final: words, soFar: words }, 900);
      expect(replayJournal(call.journal.entries)).toMatchObject({ outcome: "identical" });
    }
  });
});

describe("before the first sound of an answer", () => {
  it("a cough holds the answer back and throws nothing away", async () => {
    const call = makeScriptedCall({ texts: ["Hi there.", ""], replies: ["Hello."], firstTokenMs: 900 });
    await call.say(600, 750);
    await call.say(200, 3_000);
    expect(call.orders()).toEqual(expect.arrayContaining(["duck-reply", "unduck-reply"]));
    expect(call.languageModel.requests).toHaveLength(1);
    expect(call.spoken()).toEqual(["caller: Hi there.", "agent: Hello."]);
  });

  it("words are answered together with those before", async () => {
    const call = makeScriptedCall({
      texts: ["Hi there.", "And good morning."],
      replies: ["Hello."],
      firstTokenMs: 900,
    });
    await call.say(600, 750);
    await call.say(700, 4_000);
    expect(call.spoken()).toEqual(["caller: Hi there.", "caller: And good morning.", "agent: Hello."]);
    expect(call.languageModel.requests.at(-1)?.messages).toEqual([
      { role: "caller", text: "Hi there. And good morning." },
    ]);
  });

  it.each([
    ["zh-CN", "从前有一个国王他有三个儿子和一匹很老的马可是一点钱也没有所以他每天都走路去上班"],
    ["ja-JP", "昔々あるところに王様がいましたが三人の息子と年を取った馬しか持っていませんでした"],
  ])("keeps what was heard of a sentence without spaces (%s)", async (language, story) => {
    const call = makeScriptedCall({
      texts: ["Tell me.", "No, I meant Tuesday."],
      replies: [story, "Okay."],
      rules: { language },
      textToSpeech: evenVoice(200),
    });
    await call.say(800, 2_600);
    await call.say(1_500, 9_000);
    const [, told] = call.session.conversation.history;
    expect(told).toMatchObject({ role: "agent", wasCutOff: true });
    const heard = told?.role === "agent" ? told.text : "";
    expect(story.startsWith(heard)).toBe(true);
    expect(heard.length).toBeGreaterThan(5);
    expect(heard.length).toBeLessThan(story.length - 5);
    expect(replayJournal(call.journal.entries).outcome).toBe("identical");
  });
});

/** So long for each sign, and no times of words. */
function evenVoice(signMs: number): TextToSpeech {
  return {
    name: "even",
    voices: () => [{ id: "scripted:tone", name: "Tone", language: "zh-CN" }],
    async *speak({ text }) {
      yield { samples: tone([...text].length * signMs) };
    },
  };
}
