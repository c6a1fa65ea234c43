import type { UtteranceProsody } from "../prosody.ts";

/**
 * How an utterance ends: "falling" as statements that are finished do, "rising" as questions do, "level" as a speaker
 * does who is not done.
 */
export type Melody = "falling" | "level" | "rising";

/** So far under the speaker's usual pitch is where sentences end, semitones. */
const LOW = -1.7;
/** A clear fall counts earlier. */
const FALLING = { slope: -6, finalPitch: -0.7 };
const RISING = { slope: 8, finalPitch: 1.5 };

export function melodyOf({ slope, finalPitch }: UtteranceProsody): Melody {
  if (slope >= RISING.slope && finalPitch >= RISING.finalPitch) return "rising";
  if (finalPitch <= LOW && slope < RISING.slope) return "falling";
  return slope <= FALLING.slope && finalPitch <= FALLING.finalPitch ? "falling" : "level";
}
