import { describe, expect, it } from "vitest";
import { Doubler, Halver } from "./half-band.ts";

const CUTS = [160, 1, 320, 7, 512, 160, 2000, 840];
const TOTAL = 4000;

function tone(frequencyHz: number, rateHz: number, count: number): Int16Array {
  return Int16Array.from({ length: count }, (_, i) => 16_000 * Math.sin((2 * Math.PI * frequencyHz * i) / rateHz));
}

function double(input: Int16Array, cuts: readonly number[]): Int16Array {
  const doubler = new Doubler();
  const output = new Int16Array(2 * input.length);
  let at = 0;
  for (const count of cuts) {
    doubler.run(input.subarray(at, at + count), count, output, 2 * at);
    at += count;
  }
  return output;
}

function halve(input: Int16Array, pieceSamples: number): Int16Array {
  const halver = new Halver();
  const output = new Int16Array(input.length / 2);
  for (let at = 0; at < input.length; at += pieceSamples)
    halver.run(input.subarray(at, at + pieceSamples), pieceSamples, output.subarray(at / 2));
  return output;
}

/** In dB, against the tone's own level. */
function levelDb(samples: Int16Array): number {
  const middle = samples.subarray(200, samples.length - 200);
  const power = middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length;
  return 10 * Math.log10(Math.max(power, 1e-3) / (16_000 ** 2 / 2));
}

describe("doubling", () => {
  it.each([300, 1000, 2500, 3400])("keeps a tone of %i Hz and adds no image", (frequencyHz) => {
    const output = double(tone(frequencyHz, 8000, TOTAL), CUTS);
    const expected = tone(frequencyHz, 16_000, 2 * TOTAL);
    // Late by the filter's length: 24 samples.
    const error = output.map((sample, index) => sample - (expected[index - 24] ?? 0));
    expect(levelDb(error)).toBeLessThan(-45);
  });

  it("gives the same samples however the input is cut", () => {
    const input = tone(700, 8000, TOTAL);
    expect(double(input, CUTS)).toEqual(double(input, [2000, 2000]));
  });
});

describe("halving", () => {
  it.each([300, 1000, 2500, 3400])("keeps a tone of %i Hz", (frequencyHz) => {
    expect(Math.abs(levelDb(halve(tone(frequencyHz, 16_000, 6400), 320)))).toBeLessThan(0.1);
  });

  it.each([4700, 5000, 6000, 7900])("lets nothing of %i Hz through as an alias", (frequencyHz) => {
    expect(levelDb(halve(tone(frequencyHz, 16_000, 6400), 320))).toBeLessThan(-55);
  });

  it("clips instead of wrapping around", () => {
    const square = Int16Array.from({ length: 640 }, (_, i) => (i % 32 < 16 ? 32_767 : -32_768));
    const output = halve(square, 320);
    expect(output.slice(60, 300).every((sample, i) => Math.abs(sample) > 10_000 || i % 16 < 3 || i % 16 > 13)).toBe(
      true,
    );
  });
});
