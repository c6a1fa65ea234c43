/** Second-order filters over sound that repeats (R. Bristow-Johnson, "Cookbook formulae for audio EQ biquads"). */

import { ENGINE_RATE_HZ } from "../frame.ts";

export type LoopFilter = {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
};

/** What a filter still remembers after this long is too quiet to hear. */
const WARM_UP_SAMPLES = ENGINE_RATE_HZ / 4;

export function lowPass(cornerHz: number): LoopFilter {
  const { cos, alpha } = corner(cornerHz, Math.SQRT1_2);
  return normalise(alpha, { b0: (1 - cos) / 2, b1: 1 - cos, b2: (1 - cos) / 2, a1: -2 * cos, a2: 1 - alpha });
}

export function highPass(cornerHz: number): LoopFilter {
  const { cos, alpha } = corner(cornerHz, Math.SQRT1_2);
  return normalise(alpha, { b0: (1 + cos) / 2, b1: -1 - cos, b2: (1 + cos) / 2, a1: -2 * cos, a2: 1 - alpha });
}

/** 0 dB at `centreHz`; `q` is the centre divided by the width. */
export function bandPass(centreHz: number, q: number): LoopFilter {
  const { cos, alpha } = corner(centreHz, q);
  return normalise(alpha, { b0: alpha, b1: 0, b2: -alpha, a1: -2 * cos, a2: 1 - alpha });
}

/** Filters in place, as if the sound had always been repeating: its end goes over into its beginning. */
export function filterLoop(loop: Float32Array, filter: LoopFilter): Float32Array {
  const warmUp = Math.min(loop.length, WARM_UP_SAMPLES);
  filterSpan(loop, filter, filterSpan(loop.slice(loop.length - warmUp), filter));
  return loop;
}

/** Filters one sound in place, from silence. */
export function filterOnce(sound: Float32Array, filter: LoopFilter): Float32Array {
  filterSpan(sound, filter);
  return sound;
}

type Memory = { readonly s1: number; readonly s2: number };

/** Transposed direct form II. */
function filterSpan(span: Float32Array, { b0, b1, b2, a1, a2 }: LoopFilter, memory: Memory = { s1: 0, s2: 0 }): Memory {
  let { s1, s2 } = memory;
  for (let i = 0; i < span.length; i++) {
    const input = span[i] as number;
    const output = b0 * input + s1;
    s1 = b1 * input - a1 * output + s2;
    s2 = b2 * input - a2 * output;
    span[i] = output;
  }
  return { s1, s2 };
}

function corner(hz: number, q: number): { cos: number; alpha: number } {
  const omega = (2 * Math.PI * hz) / ENGINE_RATE_HZ;
  return { cos: Math.cos(omega), alpha: Math.sin(omega) / (2 * q) };
}

function normalise(alpha: number, { b0, b1, b2, a1, a2 }: LoopFilter): LoopFilter {
  const a0 = 1 + alpha;
  return { b0: b0 / a0, b1: b1 / a0, b2: b2 / a0, a1: a1 / a0, a2: a2 / a0 };
}
