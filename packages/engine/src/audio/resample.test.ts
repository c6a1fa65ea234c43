import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Samples } from "./frame.ts";
import { rmsDbfs } from "./level.ts";
import { COMMON_RATES_HZ, Resampler } from "./resample.ts";

const rate = fc.constantFrom(...COMMON_RATES_HZ);
const pairs = COMMON_RATES_HZ.flatMap((fromHz) => COMMON_RATES_HZ.map((toHz) => [fromHz, toHz] as const)).filter(
  ([fromHz, toHz]) => fromHz !== toHz,
);
const TONE_AMPLITUDE = 16_000;
const TONE_DBFS = 20 * Math.log10(TONE_AMPLITUDE / 32_768) - 3.01;

describe.each(pairs)("from %i Hz to %i Hz", (fromHz, toHz) => {
  const lowerHz = Math.min(fromHz, toHz);

  it("keeps tones of the pass band within 0.1 dB, in time and clean", () => {
    for (const share of [0.02, 0.11, 0.42]) {
      const frequencyHz = Math.round(share * lowerHz);
      const output = convert(tone(frequencyHz, fromHz), fromHz, toHz);
      const expected = tone(frequencyHz, toHz);
      const error = middle(output.map((sample, index) => sample - (expected[index] ?? 0)));
      expect(Math.abs(rmsDbfs(middle(output)) - TONE_DBFS)).toBeLessThan(0.1);
      expect(rmsDbfs(error) - TONE_DBFS).toBeLessThan(-55);
    }
  });
});

describe.each(pairs.filter(([fromHz, toHz]) => fromHz > toHz))("down from %i Hz to %i Hz", (fromHz, toHz) => {
  it("lets no tone above the new half rate through as an alias", () => {
    for (let frequencyHz = toHz / 2; frequencyHz < fromHz / 2; frequencyHz += 397) {
      const output = convert(tone(frequencyHz, fromHz), fromHz, toHz);
      expect(rmsDbfs(middle(output)) - TONE_DBFS).toBeLessThan(-60);
    }
  });
});

describe.each(pairs.filter(([fromHz, toHz]) => fromHz < toHz))("up from %i Hz to %i Hz", (fromHz, toHz) => {
  it("adds no image above the old half rate", () => {
    for (let frequencyHz = 0.3 * fromHz; frequencyHz < 0.42 * fromHz; frequencyHz += 397) {
      const output = convert(tone(frequencyHz, fromHz), fromHz, toHz);
      const expected = tone(frequencyHz, toHz);
      const rest = middle(output.map((sample, index) => sample - (expected[index] ?? 0)));
      expect(rmsDbfs(rest) - TONE_DBFS).toBeLessThan(-60);
    }
  });
});

it("gives the same samples however the input is cut", () => {
  const cuts = fc.array(fc.integer({ min: 0, max: 2500 }), { maxLength: 8 });
  fc.assert(
    fc.property(rate, rate, fc.int16Array({ maxLength: 5000 }), cuts, (fromHz, toHz, noise, lengths) => {
      const input = Int16Array.from(noise);
      const resampler = new Resampler(fromHz, toHz);
      const pieces: number[] = [];
      let at = 0;
      for (const length of [...lengths, input.length]) {
        pieces.push(...resampler.push(input.slice(at, at + length)));
        at += length;
      }
      pieces.push(...resampler.flush());
      expect(pieces).toEqual([...convert(input, fromHz, toHz)]);
    }),
    { numRuns: 60 },
  );
});

it("gives as many samples as the duration asks for", () => {
  fc.assert(
    fc.property(rate, rate, fc.nat(3000), (fromHz, toHz, length) => {
      expect(convert(new Int16Array(length), fromHz, toHz)).toHaveLength(Math.ceil((length * toHz) / fromHz));
    }),
  );
});

it("holds back no more than its delay", () => {
  const resampler = new Resampler(48_000, 16_000);
  const received = [...Array(10)].reduce((sum) => sum + resampler.push(new Int16Array(960)).length, 0);
  expect(resampler.delayMs).toBeLessThan(2);
  expect(received).toBeGreaterThanOrEqual(3200 - Math.ceil(resampler.delayMs * 16));
});

it("saturates an overshoot instead of wrapping it", () => {
  const square = Int16Array.from({ length: 800 }, (_, n) => (n % 40 < 20 ? 32_767 : -32_768));
  const output = convert(square, 8000, 16_000);
  const early = [...output].filter((_, n) => n > 200 && n % 80 > 4 && n % 80 < 36);
  expect(Math.min(...early)).toBeGreaterThan(20_000);
});

it("starts anew after a flush", () => {
  const resampler = new Resampler(8000, 16_000);
  const input = tone(500, 8000);
  const first = [...resampler.push(input), ...resampler.flush()];
  expect([...resampler.push(input), ...resampler.flush()]).toEqual(first);
});

it("serves an odd rate with little noise", () => {
  const output = convert(tone(1000, 44_057), 44_057, 16_000);
  const expected = tone(1000, 16_000);
  const error = middle(output.map((sample, index) => sample - (expected[index] ?? 0)));
  expect(rmsDbfs(error) - TONE_DBFS).toBeLessThan(-55);
});

it("refuses a rate that is none", () => {
  expect(() => new Resampler(0, 16_000)).toThrow(RangeError);
  expect(() => new Resampler(16_000, 8000.5)).toThrow("8000.5 Hz");
});

function convert(input: Samples, fromHz: number, toHz: number): Samples {
  const resampler = new Resampler(fromHz, toHz);
  const body = resampler.push(input);
  const tail = resampler.flush();
  const output = new Int16Array(body.length + tail.length);
  output.set(body);
  output.set(tail, body.length);
  return output;
}

/** A quarter of a second. */
function tone(frequencyHz: number, rateHz: number): Samples {
  const step = (2 * Math.PI * frequencyHz) / rateHz;
  return Int16Array.from({ length: rateHz / 4 }, (_, n) => Math.round(TONE_AMPLITUDE * Math.sin(step * n)));
}

/** Without the edges, where the tone begins and ends. */
function middle(samples: Samples): Samples {
  return samples.slice(samples.length / 4, -samples.length / 4);
}
