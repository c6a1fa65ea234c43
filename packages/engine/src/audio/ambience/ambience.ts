/** Quiet beds of sound to lay under a call, made once a process and shared by all calls. */

import { FRAME_SAMPLES, type Samples } from "../frame.ts";
import { type AmbienceClip, BEDS } from "./beds.ts";
import { LOOP_SAMPLES } from "./loop.ts";
import { seededRandom } from "./seeded-random.ts";

/** Of a bed at volume 1: about 10 dB under a voice; the default volume of 0.3 is another 10 dB lower. */
const FULL_VOLUME_RMS = 32_768 * 10 ** (-30 / 20);
/** Times the RMS: what is louder is bent, so that no single clink stands over a voice. */
const PEAK_FACTOR = 5;
const SEED = 20_250_101;

const made = new Map<AmbienceClip, Samples>();

/** One call's place in a bed. */
export interface Ambience {
  /** Adds the next 20 ms to `frame` in place; sums beyond 16 bits saturate. */
  mixInto(frame: Samples): void;
  /** The next 20 ms alone; the caller owns the array. */
  nextFrame(): Samples;
}

/**
 * Opens a bed at its beginning. The first use of a clip in a process takes some tens of ms to make it.
 * @param volume 0 to 1: the amplitude; 1 is about -30 dBFS RMS, 0.3 about -40
 * @throws RangeError for a volume outside 0 to 1
 */
export function openAmbience(clip: AmbienceClip, volume: number): Ambience {
  if (!(volume >= 0 && volume <= 1)) throw new RangeError(`volume must be from 0 to 1, not ${volume}.`);
  const loop = bedOf(clip);
  let position = 0;
  const mixInto = (frame: Samples) => {
    for (let i = 0; i < frame.length; i++) {
      const sum = (frame[i] as number) + Math.round((loop[position] as number) * volume);
      frame[i] = Math.max(-32_768, Math.min(32_767, sum));
      if (++position === LOOP_SAMPLES) position = 0;
    }
  };
  return {
    mixInto,
    nextFrame: () => {
      const frame = new Int16Array(FRAME_SAMPLES);
      mixInto(frame);
      return frame;
    },
  };
}

/** The whole loop at volume 1. */
function bedOf(clip: AmbienceClip): Samples {
  const known = made.get(clip);
  if (known) return known;
  const bed = toSamplesAt(BEDS[clip](seededRandom(SEED)), FULL_VOLUME_RMS);
  made.set(clip, bed);
  return bed;
}

function toSamplesAt(bed: Float32Array, rms: number): Samples {
  bend(bed, PEAK_FACTOR * rmsOf(bed));
  const factor = rms / rmsOf(bed);
  const samples = new Int16Array(bed.length);
  for (let i = 0; i < bed.length; i++) samples[i] = Math.round((bed[i] as number) * factor);
  return samples;
}

/** Bends in place what comes near `limit` or goes over it. */
function bend(bed: Float32Array, limit: number): void {
  for (let i = 0; i < bed.length; i++) {
    const sample = bed[i] as number;
    bed[i] = sample / Math.sqrt(1 + (sample / limit) ** 2);
  }
}

function rmsOf(bed: Float32Array): number {
  let sum = 0;
  for (const sample of bed) sum += sample * sample;
  return Math.sqrt(sum / bed.length);
}
