import { expect, it } from "vitest";
import { rms } from "../../testing/correlation.ts";
import { syntheticVoice } from "../../testing/synthetic-voice.ts";
import { LossConcealment } from "./loss-concealment.ts";

const FRAME = 320;

function vowel(count: number, pitchHz = 140): Int16Array {
  return Int16Array.from({ length: count }, (_, i) => {
    const phase = (2 * Math.PI * pitchHz * i) / 16_000;
    return 4000 * Math.sin(phase) + 2500 * Math.sin(2 * phase + 1) + 1500 * Math.sin(5 * phase + 2);
  });
}

/** Frames for which `isLost` says so never come. */
function conceal(voice: Int16Array, isLost: (frame: number) => boolean): Int16Array {
  const concealment = new LossConcealment();
  const heard = new Int16Array(voice.length);
  for (let frame = 0; (frame + 1) * FRAME <= voice.length; frame++) {
    const at = frame * FRAME;
    if (isLost(frame)) {
      concealment.conceal(heard, at, FRAME);
      continue;
    }
    const samples = voice.slice(at, at + FRAME);
    concealment.accept(samples, FRAME);
    heard.set(samples, at);
  }
  return heard;
}

function errorDb(voice: Int16Array, heard: Int16Array, from: number, to: number): number {
  const error = heard.subarray(from, to).map((sample, i) => sample - (voice[from + i] as number));
  return 20 * Math.log10(rms(error) / rms(voice.subarray(from, to)));
}

it("goes on with a steady voice so that the lost 20 ms are hardly missed", () => {
  const voice = vowel(FRAME * 20);
  const heard = conceal(voice, (frame) => frame === 10);
  expect(errorDb(voice, heard, 10 * FRAME, 10 * FRAME + 160)).toBeLessThan(-15);
  expect(errorDb(voice, heard, 12 * FRAME, 20 * FRAME)).toBe(Number.NEGATIVE_INFINITY);
});

it("makes no step larger than the voice itself has, into the gap or out of it", () => {
  const voice = vowel(FRAME * 20);
  const steps = (samples: Int16Array) =>
    Math.max(...samples.subarray(1).map((sample, i) => Math.abs(sample - (samples[i] as number))));
  for (const length of [1, 2, 3]) {
    const heard = conceal(voice, (frame) => frame >= 10 && frame < 10 + length);
    expect(steps(heard)).toBeLessThan(1.3 * steps(voice));
  }
});

it("fades to silence within 60 ms, and comes back", () => {
  const voice = vowel(FRAME * 30);
  const heard = conceal(voice, (frame) => frame >= 10 && frame < 20);
  const loudness = [10, 11, 12, 13].map((frame) => rms(heard.subarray(frame * FRAME, (frame + 1) * FRAME)));
  expect(loudness[0]).toBeGreaterThan(0.7 * rms(voice));
  expect((loudness[1] ?? 0) < (loudness[0] ?? 0) && (loudness[2] ?? 0) < (loudness[1] ?? 0)).toBe(true);
  expect(loudness[3]).toBe(0);
  expect(errorDb(voice, heard, 21 * FRAME, 30 * FRAME)).toBe(Number.NEGATIVE_INFINITY);
});

it("is nearer to speech with a tenth lost than silence in the gaps would be", () => {
  const voice = syntheticVoice(6, 16_000);
  const isLost = (frame: number) => frame % 10 === 7;
  const silent = voice.map((sample, i) => (isLost(Math.floor(i / FRAME)) ? 0 : sample));
  expect(errorDb(voice, conceal(voice, isLost), 0, voice.length)).toBeLessThan(
    errorDb(voice, silent, 0, voice.length) - 1.5,
  );
});

it("makes nothing of nothing", () => {
  expect(rms(conceal(new Int16Array(FRAME * 10), (frame) => frame === 5))).toBe(0);
});
