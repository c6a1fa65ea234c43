import { expect, it } from "vitest";
import { FRAME_SAMPLES } from "../frame.ts";
import { framePower } from "./frame-power.ts";

it("weighs every sample of a frame alike", () => {
  for (const at of [0, 1, 2, 3, FRAME_SAMPLES - 1]) {
    const frame = new Int16Array(FRAME_SAMPLES);
    frame[at] = -16_384;
    expect(framePower(frame)).toBeCloseTo(0.25 / FRAME_SAMPLES, 12);
  }
  expect(framePower(new Int16Array(FRAME_SAMPLES).fill(-32_768))).toBe(1);
  expect(framePower(new Int16Array(FRAME_SAMPLES))).toBe(0);
});
