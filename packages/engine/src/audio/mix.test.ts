import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyGain, GainRamp, mixInto } from "./mix.ts";

describe("mixInto", () => {
  it("adds and saturates instead of wrapping", () => {
    const target = Int16Array.of(100, 30_000, -30_000);
    mixInto(target, Int16Array.of(-50, 30_000, -30_000));
    expect([...target]).toEqual([50, 32_767, -32_768]);
  });

  it("applies the gain to the source only", () => {
    const target = Int16Array.of(1000);
    mixInto(target, Int16Array.of(1000), -20);
    expect([...target]).toEqual([1100]);
  });

  it("leaves what the shorter source does not cover", () => {
    const target = Int16Array.of(1, 2, 3);
    mixInto(target, Int16Array.of(1));
    expect([...target]).toEqual([2, 2, 3]);
  });

  it("does not depend on the order of two sources unless they saturate", () => {
    const quiet = fc.int16Array({ minLength: 8, maxLength: 8, min: -8000, max: 8000 });
    fc.assert(
      fc.property(quiet, quiet, (first, second) => {
        const one = new Int16Array(8);
        const other = new Int16Array(8);
        mixInto(one, first);
        mixInto(one, second);
        mixInto(other, second);
        mixInto(other, first);
        expect(one).toEqual(other);
      }),
    );
  });
});

it("halves the amplitude at -6.02 dB and silences at -Infinity", () => {
  const samples = Int16Array.of(20_000, -20_000);
  applyGain(samples, -6.0206);
  expect([...samples]).toEqual([10_000, -10_000]);
  applyGain(samples, Number.NEGATIVE_INFINITY);
  expect([...samples].map(Math.abs)).toEqual([0, 0]);
});

describe("GainRamp", () => {
  const loud = (length: number) => new Int16Array(length).fill(10_000);

  it("ducks without a step and stays down", () => {
    const ramp = new GainRamp();
    ramp.rampTo(-20, 10);
    const samples = loud(320);
    ramp.apply(samples);
    const steps = [...samples].slice(1).map((sample, index) => Math.abs(sample - (samples[index] ?? 0)));
    expect(Math.max(...steps)).toBeLessThan(60);
    expect(samples[0]).toBeGreaterThan(9900);
    expect(samples[159]).toBe(1000);
    expect(samples[319]).toBe(1000);
  });

  it("gives the same whether applied in one go or in pieces", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 10 }), (lengths) => {
        const whole = loud(lengths.reduce((sum, length) => sum + length, 0));
        const one = new GainRamp(-40);
        one.rampTo(0, 10);
        one.apply(whole);
        const other = new GainRamp(-40);
        other.rampTo(0, 10);
        const pieces = lengths.flatMap((length) => {
          const piece = loud(length);
          other.apply(piece);
          return [...piece];
        });
        expect(pieces).toEqual([...whole]);
      }),
    );
  });

  it("jumps when given no time", () => {
    const ramp = new GainRamp(-20);
    ramp.rampTo(0, 0);
    const samples = loud(1);
    ramp.apply(samples);
    expect([...samples]).toEqual([10_000]);
  });
});
