import { expect, it } from "vitest";
import { toQuality } from "./call-quality.ts";

it("gives the best call 4.4, as G.107 does", () => {
  expect(toQuality({ codec: "PCMU", loss: 0, delayMs: 0 })).toEqual({ r: 93.2, mos: 4.41 });
});

it.each([
  [0.01, 60, 88, 4.3],
  [0.05, 100, 75, 3.85],
  [0, 400, 59.1, 3.05],
  [0.3, 200, 35, 1.85],
])("a loss of %d and %i ms make about %d", (loss, delayMs, r, mos) => {
  const quality = toQuality({ codec: "PCMA", loss, delayMs });
  expect(Math.abs(quality.r - r)).toBeLessThan(3);
  expect(Math.abs(quality.mos - mos)).toBeLessThan(0.2);
});

it("never gets better by more loss or delay, and stays between 1 and 4.5", () => {
  let last = 5;
  for (let step = 0; step <= 20; step++) {
    const { mos } = toQuality({ codec: "opus", loss: step / 20, delayMs: step * 100 });
    expect(mos).toBeLessThanOrEqual(last);
    expect(mos).toBeGreaterThanOrEqual(1);
    last = mos;
  }
});
