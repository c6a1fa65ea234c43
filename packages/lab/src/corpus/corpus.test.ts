import { ENGINE_RATE_HZ, type Samples, toMs, toSamples, type WordTiming } from "@earshot/engine";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { CORPUS_KINDS, type CorpusItem } from "./corpus-item.ts";
import { makeCorpus, overLine, speakWith } from "./make-corpus.ts";
import { planCorpus } from "./plan-corpus.ts";
import { renderItem, type SpeakWords, toText } from "./render-item.ts";

const WORD_MS = 220;
const COMMA_MS = 200;

/** Says each word as a tone of its own and each comma as silence, and knows when. */
const toneVoice: SpeakWords = ({ text }) => {
  const pieces: number[] = [];
  const words: WordTiming[] = [];
  for (const [index, word] of text.split(" ").entries()) {
    const startMs = toMs(pieces.length);
    const hz = 150 + 40 * (index % 7);
    for (let i = 0; i < toSamples(WORD_MS); i++) {
      const fade = Math.min(1, i / 200, (toSamples(WORD_MS) - i) / 200);
      pieces.push(Math.round(6000 * fade * Math.sin((2 * Math.PI * hz * i) / ENGINE_RATE_HZ)));
    }
    words.push({ text: word, startMs, endMs: toMs(pieces.length) });
    if (word.endsWith(",")) for (let i = 0; i < toSamples(COMMA_MS); i++) pieces.push(0);
  }
  return Promise.resolve({ samples: Int16Array.from(pieces), words });
};

const options = { split: "train", perKind: 4 } as const;

describe("the plan of a corpus", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(planCorpus(options)).toEqual(planCorpus(options));
    expect(planCorpus({ ...options, seed: 2 })).not.toEqual(planCorpus(options));
  });

  it("has every kind alike, and pauses as long as callers make them", () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom("train", "held-out"), (seed, split) => {
        const plan = planCorpus({ seed, split, perKind: 4 });
        for (const kind of CORPUS_KINDS) expect(plan.filter((item) => item.kind === kind)).toHaveLength(4);
        expect(new Set(plan.map(({ id }) => id)).size).toBe(plan.length);
        for (const { parts, targetMs } of plan) {
          for (const { pauseMs } of parts.slice(0, -1)) {
            expect(pauseMs).toBeGreaterThanOrEqual(300);
            expect(pauseMs).toBeLessThanOrEqual(1500);
          }
          expect(parts.at(-1)?.pauseMs ?? 0).toBe(0);
          if (targetMs !== undefined) expect(targetMs).toBeLessThanOrEqual(700);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("keeps what is held out apart: no seed, and no fixed text, occurs in both", () => {
    const [train, heldOut] = (["train", "held-out"] as const).map((split) => planCorpus({ split, perKind: 60 }));
    const seeds = new Set(train?.map(({ seed }) => seed));
    expect(heldOut?.filter(({ seed }) => seeds.has(seed))).toEqual([]);
    const fixed = ["sentence", "hesitation", "email", "spelled-name", "street", "interruption", "backchannel"];
    const textsOf = (plan: typeof train) =>
      new Set(plan?.filter(({ kind }) => fixed.includes(kind)).map(({ parts }) => toText(parts, "")));
    expect([...textsOf(train)].filter((text) => text !== "" && textsOf(heldOut).has(text))).toEqual([]);
  });

  it("has many voices for each kind", () => {
    const plan = planCorpus({ split: "train", perKind: 40 });
    for (const kind of CORPUS_KINDS)
      expect(new Set(plan.filter((item) => item.kind === kind).map(({ voice }) => voice.voiceId)).size).toBe(4);
  });
});

describe("an utterance of the corpus", () => {
  const plan = planCorpus(options);
  const items: CorpusItem[] = [];
  beforeAll(async () => {
    for (const planned of plan) items.push(await renderItem(planned, toneVoice));
  }, 60_000);

  it("has its pauses where and as long as it says, and sound everywhere else", () => {
    for (const item of items) {
      expect(item.pauses.map(({ fromSample, toSample }) => toSample - fromSample)).toEqual(
        item.parts.slice(0, -1).map(({ pauseMs }) => toSamples(pauseMs)),
      );
      for (const { fromSample, toSample } of item.pauses) {
        expect(loudest(item.samples.subarray(fromSample, toSample))).toBe(0);
        expect(loudest(item.samples.subarray(fromSample - 400, fromSample))).toBeGreaterThan(0);
        expect(loudest(item.samples.subarray(toSample, toSample + 400))).toBeGreaterThan(0);
      }
      expect(item.endSample).toBe(item.samples.length);
      expect(loudest(item.samples.subarray(0, 200))).toBeGreaterThan(0);
      expect(loudest(item.samples.subarray(-200))).toBeGreaterThan(0);
    }
  });

  it("ends its turn at its last sound, and a backchannel or a noise ends none", () => {
    for (const { kind, turnEndSample, samples } of items)
      expect(turnEndSample).toBe(kind === "backchannel" || kind === "noise" ? undefined : samples.length);
  });

  it("knows its words in their order, none of them in a pause", () => {
    for (const { words, pauses, text } of items.filter(({ parts }) => parts.length > 1)) {
      expect(words.map((word) => word.text.replace(/,$/, "")).join(" ")).toBe(text);
      const middles = words.map(({ fromSample, toSample }) => (fromSample + toSample) / 2);
      expect(middles.toSorted((a, b) => a - b)).toEqual(middles);
      for (const middle of middles)
        expect(pauses.some(({ fromSample, toSample }) => middle > fromSample && middle < toSample)).toBe(false);
    }
  });

  it("is as long as a backchannel is", () => {
    for (const { samples, targetMs = 0, kind, sound } of items) {
      if (kind !== "backchannel" || sound !== undefined) continue;
      expect(toMs(samples.length) / targetMs).toBeGreaterThan(0.6);
      expect(toMs(samples.length) / targetMs).toBeLessThan(1.1);
    }
  });

  it("is said part by part where the voice runs it together", async () => {
    const planned = plan.find(({ kind }) => kind === "spelled-name");
    if (planned === undefined) throw new Error("no name is spelled");
    const asked: string[] = [];
    const mumbling: SpeakWords = async (request) => {
      asked.push(request.text);
      const { samples } = await toneVoice({ ...request, text: "one" });
      return { samples, words: [] };
    };
    const { pauses } = await renderItem(planned, mumbling);
    expect(pauses).toHaveLength(planned.parts.length - 1);
    expect(asked.slice(1)).toEqual(planned.parts.map(({ text }) => text));
  });

  it("comes over its line with silence around it, the same each time", async () => {
    const planned = plan.find(({ line }) => line.noise !== undefined);
    if (planned === undefined) throw new Error("nothing has noise");
    const item = await renderItem(planned, toneVoice);
    const { samples, onsetMs } = overLine(item, { leadMs: 200, tailMs: 1000 });
    expect(onsetMs).toBe(220);
    expect(toMs(samples.length)).toBeGreaterThanOrEqual(1200 + toMs(item.samples.length));
    expect([...overLine(item, { leadMs: 200, tailMs: 1000 }).samples]).toEqual([...samples]);
    const lead = samples.subarray(320, toSamples(180));
    expect(loudest(lead)).toBeGreaterThan(0);
    expect(loudest(lead)).toBeLessThan(loudest(item.samples));
  });
});

it("is spoken by any voice, chunk after chunk", async () => {
  const textToSpeech = {
    async *speak({ text, voiceId, speed = 1 }: { text: string; voiceId: string; speed?: number }) {
      const { samples, words } = await toneVoice({ text, voiceId, speed });
      yield { samples: samples.slice(0, 100), words: words.slice(0, 1) };
      yield { samples: samples.slice(100), words: words.slice(1) };
    },
  };
  const made: string[] = [];
  for await (const { kind } of makeCorpus(textToSpeech, { ...options, perKind: 1 })) made.push(kind);
  expect(made).toEqual([...CORPUS_KINDS]);
  const silent = speakWith({ async *speak() {} });
  await expect(silent({ text: "Hi.", voiceId: "x", speed: 1 })).rejects.toThrow('says nothing for "Hi."');
});

function loudest(samples: Samples): number {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}
