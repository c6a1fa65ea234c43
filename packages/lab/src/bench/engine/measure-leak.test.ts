import { expect, it } from "vitest";
import { measureLeak } from "./measure-leak.ts";

it("finds no more of a call when it is over than what the heap differs by anyway", { timeout: 60_000 }, async () => {
  const { heapBytesPerCall } = await measureLeak(150);
  // A session alone keeps 13,000 bytes of audio from before its next utterance.
  expect(heapBytesPerCall).toBeLessThan(3_000);
});
