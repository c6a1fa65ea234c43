import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Samples } from "../../audio/frame.ts";
import { VOICE_ACTIVITY_WINDOW_SAMPLES, type VoiceActivity } from "../../models/voice-activity.ts";
import type { MakeModel } from "./contract-model.ts";

/** Registers what every VoiceActivity must do. `speech` is 16 kHz with at least half a second of talk. */
export function describeVoiceActivity(name: string, makeModel: MakeModel<VoiceActivity>, speech: () => Samples): void {
  describe(`${name} as VoiceActivity`, () => {
    let model: VoiceActivity;
    let close: (() => void | Promise<void>) | undefined;
    beforeAll(async () => {
      ({ model, close } = await makeModel());
    });
    afterAll(async () => await close?.());

    it("scores every window once, between 0 and 1", async () => {
      const windows = toWindows(speech());
      const scores = await scoreAll(model, windows);
      expect(scores).toHaveLength(windows.length);
      expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
    });

    it("tells speech from silence", async () => {
      expect(Math.max(...(await scoreAll(model, toWindows(speech()))))).toBeGreaterThan(0.5);
      expect(Math.max(...(await scoreAll(model, toWindows(new Int16Array(16_000)))))).toBeLessThan(0.5);
    });

    it("calls back in the order in which the windows came", async () => {
      const stream = model.open();
      const order: number[] = [];
      await new Promise<void>((resolve) => {
        for (let i = 0; i < 20; i++) {
          stream.score(new Int16Array(VOICE_ACTIVITY_WINDOW_SAMPLES), () => {
            order.push(i);
            if (order.length === 20) resolve();
          });
        }
      });
      stream.close();
      expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
    });

    it("keeps calls apart when their windows come side by side", async () => {
      const windows = toWindows(speech());
      const alone = await scoreAll(model, windows);
      const [first, second] = await Promise.all([
        scoreAll(model, windows),
        scoreAll(
          model,
          windows.map((window) => new Int16Array(window.length)),
        ),
      ]);
      expect(first.length).toBe(second.length);
      for (const [i, score] of first.entries()) expect(score).toBeCloseTo(alone[i] ?? -1, 3);
    });

    it("calls back for a window of the wrong length too, and does not throw", async () => {
      const stream = model.open();
      const score = await new Promise<number>((resolve) => stream.score(new Int16Array(100), resolve));
      stream.close();
      expect(score).toBeGreaterThanOrEqual(0);
    });

    it("does not call back for a call that was closed, and may be closed twice", async () => {
      const closed = model.open();
      let late = 0;
      for (const window of toWindows(speech())) closed.score(window, () => late++);
      const soFar = late;
      closed.close();
      closed.close();
      await scoreAll(model, toWindows(speech()));
      expect(late).toBe(soFar);
    });
  });
}

function toWindows(samples: Samples): Samples[] {
  const count = Math.floor(samples.length / VOICE_ACTIVITY_WINDOW_SAMPLES);
  return Array.from({ length: count }, (_, i) =>
    samples.slice(i * VOICE_ACTIVITY_WINDOW_SAMPLES, (i + 1) * VOICE_ACTIVITY_WINDOW_SAMPLES),
  );
}

/** Copies the windows: who scores them may keep them. */
async function scoreAll(model: VoiceActivity, windows: readonly Samples[]): Promise<number[]> {
  const stream = model.open();
  const scores = await Promise.all(
    windows.map((window) => new Promise<number>((resolve) => stream.score(window.slice(), resolve))),
  );
  stream.close();
  return scores;
}
