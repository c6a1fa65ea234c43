import fc from "fast-check";
import { expect, it } from "vitest";
import { Random, seedFrom } from "./random.ts";

it("draws the same for the same seed, within the bounds", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: -50, max: 50 }), fc.nat(20), (seed, low, width) => {
      const draw = () => {
        const random = new Random(seed);
        return [random.integer(low, low + width), random.between(0, 1), random.pick(["a", "b"])];
      };
      expect(draw()).toEqual(draw());
      expect(draw()[0]).toBeGreaterThanOrEqual(low);
      expect(draw()[0]).toBeLessThanOrEqual(low + width);
    }),
  );
});

it("gives each name a seed of its own", () => {
  const seeds = ["noise", "packet loss", "pauses"].flatMap((name) => [1, 2].map((seed) => seedFrom(seed, name)));
  expect(new Set(seeds).size).toBe(seeds.length);
});

it("begins differently for names that differ in a letter", () => {
  const firsts = Array.from({ length: 400 }, (_, i) => new Random(seedFrom(1, `item ${i}`)).integer(0, 3));
  for (const value of [0, 1, 2, 3]) {
    const share = firsts.filter((first) => first === value).length / firsts.length;
    expect(share).toBeGreaterThan(0.18);
    expect(share).toBeLessThan(0.32);
  }
});

it("has nothing to pick from an empty list", () => {
  expect(() => new Random(1).pick([])).toThrow("nothing to pick");
});
