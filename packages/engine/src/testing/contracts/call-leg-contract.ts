/** What every leg must do, whatever carries it. */

import { describe, expect, it, onTestFinished } from "vitest";
import { FRAME_SAMPLES, type Samples } from "../../audio/frame.ts";
import type { CallLeg, LegClosedReason } from "../../leg/call-leg.ts";

/** A leg with its far end in the hands of the suite. */
export type LegUnderTest = {
  readonly leg: CallLeg;
  /** The far end sends 20 ms of sound. */
  readonly sendFrame: (frame: Samples) => void | Promise<void>;
  readonly pressDigit: (digit: string) => void | Promise<void>;
  readonly hangUp: () => void | Promise<void>;
  /** Lets what is under way arrive: one frame's time. */
  readonly settle: () => Promise<void>;
  /** Frames the far end was given to play. */
  readonly played: () => readonly Samples[];
};

export function describeCallLeg(name: string, make: () => LegUnderTest | Promise<LegUnderTest>): void {
  describe(`${name} keeps the contract of a leg`, () => {
    it("hands on the caller's frames in order", async () => {
      const { test, heard } = await open(make);
      for (const level of [100, 200, 300]) {
        await test.sendFrame(frameOf(level));
        await test.settle();
      }
      const levels = heard.map((frame) => frame[0]).filter((level) => level !== 0);
      expect(levels).toEqual([100, 200, 300]);
      for (const frame of heard) expect(frame).toHaveLength(FRAME_SAMPLES);
    });

    it("plays the agent's frames in order", async () => {
      const { test } = await open(make);
      for (const level of [100, 200]) {
        test.leg.play(frameOf(level));
        await test.settle();
      }
      const levels = test.played().map((frame) => frame[0]);
      expect(levels.filter((level) => level !== 0)).toEqual([100, 200]);
    });

    it("hands on digits", async () => {
      const { test, digits } = await open(make);
      await test.pressDigit("5");
      await test.settle();
      expect(digits).toEqual(["5"]);
    });

    it("tells once that the caller hung up", async () => {
      const { test, closed } = await open(make);
      await test.hangUp();
      await test.settle();
      expect(closed).toEqual(["caller-hung-up"]);
    });

    it("may be closed twice, and says nothing afterwards", async () => {
      const { test, heard, closed } = await open(make);
      test.leg.close("api-request");
      test.leg.close("api-request");
      const before = heard.length;
      await test.sendFrame(frameOf(100));
      await test.hangUp();
      await test.settle();
      expect(heard).toHaveLength(before);
      expect(closed).toEqual([]);
    });

    it("declares how far ahead it may be sent", async () => {
      const { test } = await open(make);
      expect(test.leg.can.leadMs).toBeGreaterThanOrEqual(0);
      expect(test.leg.can.leadMs).toBeLessThanOrEqual(500);
    });
  });
}

async function open(make: () => LegUnderTest | Promise<LegUnderTest>) {
  const test = await make();
  // A leg of a call that runs ahead of real time would go on, as fast as it can, for all the tests to come.
  onTestFinished(() => test.leg.close("test"));
  const heard: Samples[] = [];
  const digits: string[] = [];
  const closed: LegClosedReason[] = [];
  test.leg.open({
    onAudio: (frame) => heard.push(frame),
    onDigit: (digit) => digits.push(digit),
    onPlayed: () => {},
    onLost: () => {},
    onResumed: () => {},
    onClosed: (reason) => closed.push(reason),
  });
  return { test, heard, digits, closed };
}

function frameOf(level: number): Samples {
  return new Int16Array(FRAME_SAMPLES).fill(level);
}
