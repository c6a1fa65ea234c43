/** How it was said: a voice that falls and fades is done, a level or a drawn-out one is not. */

import type { Clue, Evidence } from "./strategy.ts";

const DRAWN_OUT = 1.8;

export function prosodyClue({ prosody, text }: Evidence): Clue | undefined {
  if (!prosody) return undefined;
  // A question rises and is over all the same.
  if (text.trimEnd().endsWith("?")) return undefined;
  const { slope, finalPitch, energyFallDb, finalLengthening } = prosody;
  const isLow = clamp(-finalPitch / 4, -1, 1);
  const falls = clamp(-slope / 15, -1, 1);
  const fades = clamp((energyFallDb - 3) / 6, -1, 1);
  const isDrawnOut = finalLengthening > DRAWN_OUT ? -0.5 : 0;
  const weight = 0.7 * isLow + 0.2 * falls + 0.3 * fades + isDrawnOut;
  return { why: weight < 0 ? "the voice stays up" : "the voice falls", weight, isVoice: true };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
