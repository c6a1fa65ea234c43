import { describe, expect, it } from "vitest";
import { Resampler } from "./resampler.ts";

function tone(rateHz: number, toneHz: number, seconds = 1): Float32Array {
  return Float32Array.from({ length: rateHz * seconds }, (_, i) => 0.5 * Math.sin((2 * Math.PI * toneHz * i) / rateHz));
}

function run(fromHz: number, toHz: number, input: Float32Array, chunk: number): Float32Array {
  const resampler = new Resampler({ fromHz, toHz });
  const output: number[] = [];
  for (let at = 0; at < input.length; at += chunk) output.push(...resampler.push(input.subarray(at, at + chunk)));
  return Float32Array.from(output);
}

/** Level of the middle, in dB of a full-scale sine. */
function levelDb(samples: Float32Array): number {
  const middle = samples.subarray(samples.length >> 2, (samples.length * 3) >> 2);
  const power = middle.reduce((sum, value) => sum + value * value, 0) / middle.length;
  return 10 * Math.log10(2 * power + 1e-12);
}

describe("the resampler", () => {
  it.each([
    [48_000, 16_000],
    [44_100, 16_000],
    [16_000, 48_000],
    [16_000, 44_100],
  ])("keeps a tone of the voice band from %i to %i Hz", (fromHz, toHz) => {
    for (const toneHz of [100, 1000, 3000, 6000]) {
      const output = run(fromHz, toHz, tone(fromHz, toneHz), 128);
      expect(Math.abs(output.length - toHz)).toBeLessThan(60);
      expect(levelDb(output)).toBeCloseTo(20 * Math.log10(0.5), 0);
    }
  });

  it("keeps what the lower rate can't carry out of it", () => {
    for (const toneHz of [9_500, 12_000, 20_000])
      expect(levelDb(run(48_000, 16_000, tone(48_000, toneHz), 128))).toBeLessThan(-55);
  });

  it("does not care how its input is cut", () => {
    const input = tone(44_100, 440, 0.2);
    const whole = run(44_100, 16_000, input, input.length);
    const pieces = run(44_100, 16_000, input, 77);
    expect(pieces).toEqual(whole.subarray(0, pieces.length));
    expect(whole.length - pieces.length).toBe(0);
  });

  it("passes equal rates through untouched", () => {
    const input = tone(16_000, 440, 0.1);
    expect(run(16_000, 16_000, input, 128)).toEqual(input);
  });
});
