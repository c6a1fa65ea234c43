import { toSamples } from "@earshot/engine";

/** A stretch of sound between silences, in samples from the start. */
export type Stretch = { readonly start: number; readonly end: number };

const WINDOW_SAMPLES = toSamples(10);
/** About -46 dB of full scale: above the noise of a codec, below any speech. */
const LOUD_RMS = 160;

/** Where something is heard. Gaps shorter than `joinMs` belong to the stretch around them. */
export function findStretches(samples: Int16Array, { joinMs }: { joinMs: number }): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (let start = 0; start < samples.length; start += WINDOW_SAMPLES) {
    const end = Math.min(start + WINDOW_SAMPLES, samples.length);
    if (rms(samples.subarray(start, end)) < LOUD_RMS) continue;
    const last = stretches.at(-1);
    if (last !== undefined && start - last.end <= toSamples(joinMs)) stretches[stretches.length - 1] = { ...last, end };
    else stretches.push({ start, end });
  }
  return stretches;
}

function rms(samples: Int16Array): number {
  let power = 0;
  for (const value of samples) power += value * value;
  return Math.sqrt(power / Math.max(samples.length, 1));
}
