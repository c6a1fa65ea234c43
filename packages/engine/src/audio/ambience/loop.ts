/** Sound that repeats without a seam: everything is laid on a circle. */

import { FRAME_SAMPLES } from "../frame.ts";
import { between, type Random } from "./seeded-random.ts";

/** 10 s: long enough that the ear doesn't find the repetition, and whole frames. */
export const LOOP_SAMPLES = 500 * FRAME_SAMPLES;

export function silentLoop(): Float32Array {
  return new Float32Array(LOOP_SAMPLES);
}

/** White noise of about 1 RMS / sqrt(3). */
export function noiseLoop(random: Random): Float32Array {
  const loop = silentLoop();
  for (let i = 0; i < loop.length; i++) loop[i] = random() * 2 - 1;
  return loop;
}

/** Adds a sound at `position`, going on at the beginning where the loop ends. */
export function addSound(loop: Float32Array, position: number, sound: Float32Array, gain = 1): void {
  let at = position % loop.length;
  for (const sample of sound) {
    loop[at] = (loop[at] as number) + sample * gain;
    if (++at === loop.length) at = 0;
  }
}

export function addLoop(loop: Float32Array, other: Float32Array, gain: number): void {
  for (let i = 0; i < loop.length; i++) loop[i] = (loop[i] as number) + (other[i] as number) * gain;
}

/** Swells and falls slowly between `floor` and 1: three sines with whole numbers of cycles a loop. */
export function swell(loop: Float32Array, random: Random, options: { cycles: number; floor: number }): Float32Array {
  const waves = [1, 2, 3].map((multiple) => ({
    step: (2 * Math.PI * Math.max(1, Math.round(options.cycles * multiple * 0.7))) / loop.length,
    phase: between(random, 0, 2 * Math.PI),
    share: 1 / multiple,
  }));
  const total = waves.reduce((sum, { share }) => sum + share, 0);
  let gain = 0;
  for (let i = 0; i < loop.length; i++) {
    if (i % 32 === 0) {
      const wave = waves.reduce((sum, { step, phase, share }) => sum + share * Math.sin(step * i + phase), 0) / total;
      gain = options.floor + (1 - options.floor) * (0.5 + 0.5 * wave);
    }
    loop[i] = (loop[i] as number) * gain;
  }
  return loop;
}

/** Moments spread over the loop: about `count` of them, irregular but never crowded. */
export function momentsOf(random: Random, count: number): readonly number[] {
  const slot = LOOP_SAMPLES / count;
  return Array.from({ length: count }, (_, index) => Math.floor((index + 0.8 * random()) * slot));
}
