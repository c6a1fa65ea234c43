import { ENGINE_RATE_HZ, Resampler, type Samples } from "@earshot/engine";
import { joinSamples } from "./samples.ts";
import { changeSpeed } from "./stretch.ts";

/** Steps of some 1 % in pitch: rates with so few phases that their filters cost nothing to make. */
const RATE_STEP_HZ = 200;

/** How a voice differs from the synthesiser's own. */
export type VoiceChange = {
  /** How fast, 1 unchanged. */
  readonly speed?: number;
  /** How high, 1 unchanged; formants move along, so that 0.85 sounds like a bigger person and 1.2 like a smaller one. */
  readonly pitch?: number;
};

/** Another person, of one of the synthesiser's voices. */
export function changeVoice(samples: Samples, { speed = 1, pitch = 1 }: VoiceChange): Samples {
  if (pitch === 1) return changeSpeed(samples, speed);
  // Played faster it is higher and shorter; stretching gives the length back.
  return changeSpeed(playAtRate(samples, pitch), speed / pitch);
}

function playAtRate(samples: Samples, factor: number): Samples {
  const rateHz = Math.round(ENGINE_RATE_HZ / factor / RATE_STEP_HZ) * RATE_STEP_HZ;
  const resampler = new Resampler(ENGINE_RATE_HZ, rateHz);
  return joinSamples([resampler.push(samples), resampler.flush()]);
}
