import type { Samples } from "@earshot/engine";

/** Below this nothing is said. */
const LOUD = 300;

export function joinSamples(frames: readonly Samples[]): Samples {
  const whole = new Int16Array(frames.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const frame of frames) {
    whole.set(frame, at);
    at += frame.length;
  }
  return whole;
}

/** From the first sound to the last. */
export function trimSilence(samples: Samples): Samples {
  const first = samples.findIndex((sample) => Math.abs(sample) > LOUD);
  return samples.slice(Math.max(first, 0), lastSound(samples));
}

/** One past the last sample that is loud. */
export function lastSound(samples: Samples): number {
  return samples.findLastIndex((sample) => Math.abs(sample) > LOUD) + 1;
}

/** Where the first `headSamples` of `part` lie in `track`. Throws when they don't. */
export function findSamples(track: Samples, part: Samples, headSamples = 1600): number {
  const head = part.subarray(0, headSamples);
  for (let at = 0; at + head.length <= track.length; at++) {
    if (track[at] === head[0] && head.every((sample, index) => track[at + index] === sample)) return at;
  }
  throw new Error("it is not in the track");
}
