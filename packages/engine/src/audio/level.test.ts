import { expect, it } from "vitest";
import { rmsDbfs, SILENCE_DBFS } from "./level.ts";

it("puts a full-scale square wave at 0 dBFS", () => {
  expect(rmsDbfs(Int16Array.of(-32_768, -32_768))).toBe(0);
});

it("puts a full-scale sine 3 dB lower and half of it 6 dB lower still", () => {
  const sine = Int16Array.from({ length: 16_000 }, (_, n) => 32_767 * Math.sin((2 * Math.PI * 440 * n) / 16_000));
  expect(rmsDbfs(sine)).toBeCloseTo(-3.01, 1);
  expect(rmsDbfs(sine.map((sample) => sample / 2))).toBeCloseTo(-9.03, 1);
});

it("has a floor for silence and for no samples at all", () => {
  expect(rmsDbfs(new Int16Array(320))).toBe(SILENCE_DBFS);
  expect(rmsDbfs(new Int16Array(0))).toBe(SILENCE_DBFS);
});
