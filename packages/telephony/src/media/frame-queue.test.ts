import fc from "fast-check";
import { expect, it } from "vitest";
import { FRAME_SAMPLES } from "../codecs/audio-codec.ts";
import { FrameQueue } from "./frame-queue.ts";

it("gives frames out in the order they came, whatever its length was in between", () => {
  const steps = fc.array(fc.oneof(fc.constant("shift" as const), fc.constant("push" as const)), { maxLength: 400 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), steps, (limit, walk) => {
      const queue = new FrameQueue(limit);
      const expected: number[] = [];
      const into = new Int16Array(FRAME_SAMPLES);
      walk.forEach((step, index) => {
        if (step === "push") {
          const isRoom = expected.length < limit;
          expect(queue.push(new Int16Array(FRAME_SAMPLES).fill(index))).toBe(isRoom);
          if (isRoom) expected.push(index);
        } else {
          const frame = expected.shift();
          expect(queue.shift(into, 0)).toBe(frame !== undefined);
          if (frame !== undefined) expect([into[0], into[FRAME_SAMPLES - 1]]).toEqual([frame, frame]);
        }
        expect(queue.count).toBe(expected.length);
      });
    }),
  );
});

it("fills a short frame up with silence and cuts a long one", () => {
  const queue = new FrameQueue(4);
  queue.push(new Int16Array(FRAME_SAMPLES).fill(9));
  const into = new Int16Array(FRAME_SAMPLES);
  queue.shift(into, 0);
  queue.push(new Int16Array(10).fill(5));
  queue.push(new Int16Array(FRAME_SAMPLES + 50).fill(6));
  queue.shift(into, 0);
  expect([into[9], into[10], into[FRAME_SAMPLES - 1]]).toEqual([5, 0, 0]);
  queue.shift(into, 0);
  expect(into.every((sample) => sample === 6)).toBe(true);
});
