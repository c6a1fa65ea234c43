import { describe, expect, it } from "vitest";
import { FRAME_SAMPLES, type Samples } from "../frame.ts";
import { rmsDbfs } from "../level.ts";
import { openAmbience } from "./ambience.ts";
import { AMBIENCE_CLIPS, type AmbienceClip } from "./beds.ts";
import { LOOP_SAMPLES } from "./loop.ts";
import { bandPass, filterOnce } from "./loop-filter.ts";

function listen(clip: AmbienceClip, volume: number, frames = LOOP_SAMPLES / FRAME_SAMPLES): Samples {
  const ambience = openAmbience(clip, volume);
  const all = new Int16Array(frames * FRAME_SAMPLES);
  for (let frame = 0; frame < frames; frame++) all.set(ambience.nextFrame(), frame * FRAME_SAMPLES);
  return all;
}

const BANDS_HZ = [120, 250, 500, 1000, 2000, 3200];

/** Loudness in six bands, and how much each changes from one tenth of a second to the next, dB. */
function characterOf(samples: Samples): number[] {
  return BANDS_HZ.flatMap((hz) => {
    const band = filterOnce(Float32Array.from(samples), bandPass(hz, 2));
    const levels = Array.from({ length: band.length / 1600 }, (_, index) => {
      const tenth = band.subarray(index * 1600, (index + 1) * 1600);
      return 10 * Math.log10(tenth.reduce((sum, sample) => sum + sample * sample, 1) / 1600);
    });
    const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
    const spread = Math.sqrt(levels.reduce((sum, level) => sum + (level - mean) ** 2, 0) / levels.length);
    return [mean, 3 * spread];
  });
}

describe("a bed of sound", () => {
  it.each(AMBIENCE_CLIPS)("is far below a voice: %s", (clip) => {
    expect(rmsDbfs(listen(clip, 1))).toBeCloseTo(-30, 0);
    expect(rmsDbfs(listen(clip, 0.3))).toBeCloseTo(-40.5, 0);
    const peak = listen(clip, 1).reduce((max, sample) => Math.max(max, Math.abs(sample)), 0);
    expect(20 * Math.log10(peak / 32_768)).toBeLessThan(-15);
  });

  it.each(AMBIENCE_CLIPS)("never falls silent: %s", (clip) => {
    const samples = listen(clip, 1);
    for (let at = 0; at < samples.length; at += 8000)
      expect(rmsDbfs(samples.subarray(at, at + 8000))).toBeGreaterThan(-50);
  });

  it.each(AMBIENCE_CLIPS)("repeats without a seam: %s", (clip) => {
    const twice = listen(clip, 1, (2 * LOOP_SAMPLES) / FRAME_SAMPLES);
    expect(twice.subarray(LOOP_SAMPLES)).toEqual(twice.subarray(0, LOOP_SAMPLES));
    // The step over the seam is no larger than what the bed does elsewhere.
    const bends = Array.from({ length: 4000 }, (_, i) => bendAt(twice, LOOP_SAMPLES - 2000 + i));
    const atSeam = Math.max(...bends.slice(1997, 2003));
    expect(atSeam).toBeLessThanOrEqual(Math.max(...bends.slice(0, 1900), ...bends.slice(2100)) * 1.5);
  });

  it("sounds like itself: every two clips differ clearly", () => {
    const characters = AMBIENCE_CLIPS.map((clip) => characterOf(listen(clip, 1)));
    for (const [index, one] of characters.entries())
      for (const other of characters.slice(index + 1)) {
        const distance = Math.sqrt(one.reduce((sum, value, at) => sum + (value - (other[at] ?? 0)) ** 2, 0));
        expect(distance).toBeGreaterThan(8);
      }
  });

  it("is added to what is there, and saturates", () => {
    const bed = listen("office", 1, 1);
    const voice = new Int16Array(FRAME_SAMPLES).fill(1000);
    openAmbience("office", 1).mixInto(voice);
    expect([...voice]).toEqual([...bed].map((sample) => sample + 1000));
    const loud = new Int16Array(FRAME_SAMPLES).fill(32_767);
    openAmbience("office", 1).mixInto(loud);
    expect(Math.min(...loud)).toBeGreaterThan(20_000);
  });

  it("is silent at volume 0", () => {
    expect(listen("city", 0, 10).every((sample) => sample === 0)).toBe(true);
  });

  it.each([-0.1, 1.1, Number.NaN])("is not to be had at volume %s", (volume) => {
    expect(() => openAmbience("city", volume)).toThrow(RangeError);
  });
});

function bendAt(samples: Samples, at: number): number {
  return Math.abs((samples[at - 1] ?? 0) - 2 * (samples[at] ?? 0) + (samples[at + 1] ?? 0));
}
