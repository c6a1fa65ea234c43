import { describe, expect, it } from "vitest";
import { FrameCutter, toLevel } from "./frame-cutter.ts";

describe("the frame cutter", () => {
  it("makes frames of 20 ms whatever the size of the chunks", () => {
    const cutter = new FrameCutter();
    const frames: Int16Array[] = [];
    for (let chunk = 0; chunk < 5; chunk++) cutter.push(new Float32Array(128).fill(0.5), (frame) => frames.push(frame));
    expect(frames.map((frame) => frame.length)).toEqual([320, 320]);
    expect(frames[0]?.every((value) => value === 16_384)).toBe(true);
  });

  it("clips what is louder than full scale", () => {
    const loud: Int16Array[] = [];
    new FrameCutter().push(
      Float32Array.from({ length: 320 }, (_, i) => (i % 2 === 0 ? 3 : -3)),
      (frame) => loud.push(frame),
    );
    expect([...(loud[0]?.subarray(0, 2) ?? [])]).toEqual([32_767, -32_767]);
  });

  it("measures from silence to full scale", () => {
    expect(toLevel(new Int16Array(320))).toBe(0);
    expect(toLevel(new Int16Array(320).fill(32_767))).toBeCloseTo(1, 2);
    expect(toLevel(new Int16Array(320).fill(1000))).toBeGreaterThan(0.3);
  });
});
