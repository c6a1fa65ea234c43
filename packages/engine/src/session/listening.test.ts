import { describe, expect, it } from "vitest";
import { FRAME_MS, FRAME_SAMPLES, type Samples } from "../audio/frame.ts";
import { DEFAULT_RULES } from "../conversation/rules.ts";
import { FakeClock } from "../testing/fake-clock.ts";
import { Listening } from "./listening.ts";

/** What the recogniser gets of a sound after `quietMs` of nothing, frame by frame: whether it is loud. */
async function hearAfter(quietMs: number): Promise<boolean[]> {
  const clock = new FakeClock();
  const taken: Samples[] = [];
  const nothing = () => {};
  const listening = new Listening({
    plan: { rules: DEFAULT_RULES, scenes: {}, language: "en-US", keyterms: [], partialEveryMs: 0 },
    voiceActivity: {
      name: "loudness",
      open: () => ({ score: (window, done) => done(Math.max(...window) > 0 ? 0.9 : 0.01), close: nothing }),
    },
    speechToText: {
      name: "tape",
      open: () => ({ begin: nothing, push: (frame) => taken.push(frame), end: nothing, close: nothing }),
    },
    clock,
    startMs: clock.nowMs(),
    post: nothing,
    isContested: () => false,
    isTelephone: () => false,
    isAgentTalking: () => false,
  });
  const loud = new Int16Array(FRAME_SAMPLES).fill(5_000);
  for (let atMs = 0; atMs < quietMs + 500; atMs += FRAME_MS) {
    await clock.advance(FRAME_MS);
    listening.push(atMs < quietMs ? new Int16Array(FRAME_SAMPLES) : loud);
  }
  listening.close();
  return taken.map((frame) => Math.max(...frame) > 0);
}

describe("what the recogniser is given", () => {
  it("begins a moment before the sound, whatever silence was before it", async () => {
    const lead = (await hearAfter(2_000)).indexOf(true) * FRAME_MS;
    expect(lead).toBeGreaterThanOrEqual(100);
    expect(lead).toBeLessThanOrEqual(160);
  });

  it("loses nothing of a sound that comes with the first frame", async () => {
    const heard = await hearAfter(0);
    expect(heard).toEqual(Array.from({ length: 25 }, () => true));
  });
});
