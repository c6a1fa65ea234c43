import { describe, expect, it } from "vitest";
import { BeepDetector, type ToneHeard } from "./beep-detector.ts";
import { FRAME_SAMPLES, type Samples, toSamples } from "./frame.ts";
import { decodeALaw, decodeMuLaw, encodeALaw, encodeMuLaw } from "./g711.ts";

type Part = { readonly ms: number; readonly hz?: readonly number[]; readonly dbfs?: number };

/** Tones and silences one after the other, with noise under all of it. */
function soundOf(parts: readonly Part[], noiseDbfs = -80): Samples {
  const samples = new Int16Array(parts.reduce((sum, { ms }) => sum + toSamples(ms), 0));
  let state = 12_345;
  let at = 0;
  for (const { ms, hz = [], dbfs = -20 } of parts) {
    const level = 32_768 * 10 ** (dbfs / 20) * Math.SQRT2;
    for (let i = 0; i < toSamples(ms); i++, at++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const noise = 32_768 * 10 ** (noiseDbfs / 20) * Math.sqrt(3) * (state / 0x8000_0000 - 1);
      const tones = hz.reduce((sum, one) => sum + Math.sin((2 * Math.PI * one * at) / 16_000), 0) / (hz.length || 1);
      samples[at] = Math.max(-32_768, Math.min(32_767, noise + level * tones));
    }
  }
  return samples;
}

function listenTo(samples: Samples): ToneHeard[] {
  const detector = new BeepDetector();
  const heard: ToneHeard[] = [];
  for (let at = 0; at + FRAME_SAMPLES <= samples.length; at += FRAME_SAMPLES) {
    const tone = detector.push(samples.subarray(at, at + FRAME_SAMPLES));
    if (tone) heard.push(tone);
  }
  return heard;
}

const silence = (ms: number): Part => ({ ms });
const tone = (ms: number, ...hz: number[]): Part => ({ ms, hz });
const repeat = (count: number, ...parts: Part[]): Part[] => Array.from({ length: count }, () => parts).flat();

describe("the beep detector", () => {
  it.each([350, 425, 440, 523, 660, 941, 950, 1000, 1209, 1400, 1800, 2000, 2500])("hears a beep of %i Hz", (hz) => {
    for (const ms of [180, 400, 1000, 1900]) {
      if (hz === 425 && ms > 500) continue;
      const heard = listenTo(soundOf([silence(500), tone(ms, hz), silence(1600)]));
      expect(heard.map(({ kind }) => kind)).toEqual(["beep"]);
      expect(Math.abs((heard[0]?.frequencyHz ?? 0) - hz)).toBeLessThan(6);
      expect(Math.abs((heard[0]?.durationMs ?? 0) - ms)).toBeLessThanOrEqual(30);
    }
  });

  it.each([
    ["mu-law", (samples: Samples) => decodeMuLaw(encodeMuLaw(samples))],
    ["A-law", (samples: Samples) => decodeALaw(encodeALaw(samples))],
  ])("hears it through %s, quiet and in noise", (_, carry) => {
    for (const [dbfs, noiseDbfs] of [
      [-10, -60],
      [-30, -60],
      [-38, -60],
      [-20, -32],
    ] as const) {
      const sound = soundOf([silence(500), { ms: 400, hz: [1000], dbfs }, silence(800)], noiseDbfs);
      expect(listenTo(carry(sound)).map(({ kind }) => kind)).toEqual(["beep"]);
    }
  });

  it("tells it within 150 ms of its end", () => {
    const beep = [silence(500), tone(400, 1000)];
    expect(listenTo(soundOf([...beep, silence(60)]))).toEqual([]);
    expect(listenTo(soundOf([...beep, silence(150)]))).toHaveLength(1);
  });

  it("hears each of two beeps", () => {
    const kinds = listenTo(soundOf([silence(300), ...repeat(2, tone(300, 1000), silence(300))])).map(
      ({ kind }) => kind,
    );
    expect(kinds).toEqual(["beep", "beep"]);
  });

  it.each([
    ["ringback", "of North America", repeat(2, tone(2000, 440, 480), silence(4000))],
    ["ringback", "of Britain", repeat(2, tone(400, 400, 450), silence(200), tone(400, 400, 450), silence(2000))],
    ["ringback", "of the rest of Europe", repeat(2, tone(1000, 425), silence(4000))],
    ["busy", "of North America", repeat(3, tone(500, 480, 620), silence(500))],
    ["busy", "of Europe", repeat(4, tone(480, 425), silence(480))],
    ["busy", "of a full exchange", repeat(4, tone(250, 425), silence(250))],
  ] as const)("hears %s %s, and no beep", (kind, _, parts) => {
    const kinds = listenTo(soundOf([silence(300), ...parts, silence(300)])).map((heard) => heard.kind);
    expect(kinds.length).toBeGreaterThan(0);
    expect(new Set(kinds)).toEqual(new Set([kind]));
  });

  it("hears that there is no such number, and no beep", () => {
    const sit = [tone(330, 950), tone(330, 1400), tone(330, 1800)];
    expect(listenTo(soundOf([silence(300), ...sit, silence(1000)])).map(({ kind }) => kind)).toEqual(["sit"]);
  });

  it.each([
    ["digits", repeat(4, tone(200, 697, 1209), silence(150), tone(200, 941, 1477), silence(150))],
    ["a melody", [523, 587, 659, 698, 784, 880, 659, 523].map((hz) => tone(300, hz))],
    ["chords", [1, 1.2, 1.5].map((by) => tone(500, 440 * by, 554 * by, 659 * by))],
    ["a siren", Array.from({ length: 40 }, (_, step) => tone(20, 600 + 10 * step))],
    ["a click", [silence(500), tone(60, 1000), silence(500)]],
    ["a tone without end", [tone(4000, 1000), silence(500)]],
    ["hum of the mains", [tone(600, 50), silence(300), tone(600, 100), silence(300)]],
    ["silence", [silence(3000)]],
  ] as const)("takes %s for no beep", (_, parts) => {
    expect(listenTo(soundOf(parts))).toEqual([]);
  });

  it("takes loud noise for no beep", () => {
    expect(listenTo(soundOf([silence(20_000)], -20))).toEqual([]);
  });
});
