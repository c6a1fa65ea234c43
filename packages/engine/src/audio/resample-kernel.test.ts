import { describe, expect, it } from "vitest";
import { ResampleKernel } from "./resample-kernel.ts";

const kernel = ResampleKernel.load();

/** What the kernel should do, one product after another. */
function convolve(
  row: { up: number; down: number; taps: number },
  coefficients: Float64Array,
  window: Int16Array,
  count: number,
): number[] {
  return Array.from({ length: count }, (_, index) => {
    const position = index * row.down;
    const start = Math.floor(position / row.up);
    const phase = position % row.up;
    let sum = 0;
    for (let k = 0; k < row.taps; k++) sum += (window[start + k] ?? 0) * (coefficients[phase * row.taps + k] ?? 0);
    return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  });
}

describe("the resampler's kernel", () => {
  it.each([
    { up: 2, down: 3, taps: 88 },
    { up: 3, down: 1, taps: 60 },
    { up: 1, down: 6, taps: 172 },
  ])("computes what plain sums give, up $up, down $down, $taps taps", (row) => {
    if (kernel === undefined) throw new Error("there is no WebAssembly here");
    // Numbers that the kernel need not round.
    const coefficients = Float64Array.from(
      { length: row.up * row.taps },
      (_, at) => Math.round(64 * Math.sin(at)) / 2048,
    );
    const placed = kernel.place(row, coefficients);
    if (placed === undefined) throw new Error("there was no room");
    const window = Int16Array.from({ length: 1_000 }, (_, at) => 30_000 * Math.sin(at * at));
    const count = Math.floor(((window.length - row.taps) * row.up) / row.down);
    const output = new Int16Array(count + 7);
    const from = { window, start: 0, filled: window.length, phase: 0 };
    expect(kernel.run(placed, from, { output, at: 7, count })).toBe(true);
    const expected = convolve(row, coefficients, window, count);
    expect(new Set(expected).size).toBeGreaterThan(100);
    expect([...output]).toEqual([0, 0, 0, 0, 0, 0, 0, ...expected]);
  });

  it("takes no filter for which there is no room, and no window that is too large", () => {
    const row = { up: 1, down: 2, taps: 8 };
    expect(kernel?.place({ ...row, up: 40_000 }, new Float64Array(320_000))).toBeUndefined();
    const placed = kernel?.place(row, new Float64Array(8));
    if (placed === undefined) throw new Error("there was no room");
    const from = { window: new Int16Array(9_000), start: 0, filled: 9_000, phase: 0 };
    expect(kernel?.run(placed, from, { output: new Int16Array(1), at: 0, count: 1 })).toBe(false);
  });
});
