import type { Samples } from "@earshot/engine";

/** Below this nothing is said: -40 dBFS. */
const LOUD = 330;

/** From the first sound to the last. */
export function trimSilence(samples: Samples): Samples {
  const isLoud = (sample: number) => Math.abs(sample) > LOUD;
  const first = samples.findIndex(isLoud);
  return first === -1 ? new Int16Array(0) : samples.slice(first, samples.findLastIndex(isLoud) + 1);
}
