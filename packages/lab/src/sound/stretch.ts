import { ENGINE_RATE_HZ, type Samples } from "@earshot/engine";
import { toSample } from "./samples.ts";

const HOP_SAMPLES = ENGINE_RATE_HZ / 100;
const WINDOW_SAMPLES = HOP_SAMPLES * 2;
/** How far a piece may be moved to fit the one before it: more than one period of a deep voice. */
const SEARCH_SAMPLES = Math.round(ENGINE_RATE_HZ * 0.0075);
/** Speech has little above 2 kHz that would be missed between two tries. */
const COARSE_SAMPLES = 4;

/**
 * Changes how fast something is said and not how high, by overlapping pieces of 20 ms where they fit best (WSOLA:
 * Verhelst and Roelands, 1993). `speed` 2 halves the length.
 */
export function changeSpeed(samples: Samples, speed: number): Samples {
  if (speed === 1 || samples.length < WINDOW_SAMPLES + SEARCH_SAMPLES) return samples;
  const length = Math.round(samples.length / speed);
  const sum = new Float64Array(length + WINDOW_SAMPLES);
  let from = 0;
  for (let to = 0; to < length; to += HOP_SAMPLES) {
    if (to > 0) from = bestMatch(samples, { natural: from + HOP_SAMPLES, ideal: Math.round(to * speed) });
    addPiece(sum, samples, { from, to, isFirst: to === 0 });
  }
  return Int16Array.from(sum.subarray(0, length), toSample);
}

/** Near `ideal`, where the sound is most like what would follow by itself: roughly at first, then exactly. */
function bestMatch(samples: Samples, { natural, ideal }: { natural: number; ideal: number }): number {
  const last = samples.length - WINDOW_SAMPLES;
  const within = (at: number) => Math.max(0, Math.min(last, at));
  const search = (from: number, to: number, step: number): number => {
    let best = within(from);
    let bestScore = Number.NEGATIVE_INFINITY;
    for (let at = within(from); at <= within(to); at += step) {
      const score = likeness(samples, at, natural);
      if (score <= bestScore) continue;
      best = at;
      bestScore = score;
    }
    return best;
  };
  const near = search(ideal - SEARCH_SAMPLES, ideal + SEARCH_SAMPLES, COARSE_SAMPLES);
  return search(near - COARSE_SAMPLES + 1, near + COARSE_SAMPLES - 1, 1);
}

/** Cross-correlation of every second sample, over the candidate's own energy. */
function likeness(samples: Samples, a: number, b: number): number {
  let product = 0;
  let energy = 1;
  for (let i = 0; i < WINDOW_SAMPLES; i += 2) {
    const one = samples[a + i] ?? 0;
    product += one * (samples[b + i] ?? 0);
    energy += one * one;
  }
  return product / Math.sqrt(energy);
}

function addPiece(
  sum: Float64Array,
  samples: Samples,
  { from, to, isFirst }: { from: number; to: number; isFirst: boolean },
): void {
  for (let i = 0; i < WINDOW_SAMPLES && to + i < sum.length; i++) {
    const isRising = i < HOP_SAMPLES;
    const weight = isFirst && isRising ? 1 : 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / WINDOW_SAMPLES);
    sum[to + i] = (sum[to + i] ?? 0) + weight * (samples[from + i] ?? 0);
  }
}
