/** How it was said: a voice that falls and fades is done, a level or a drawn-out one is not. */

import type { Clue, Evidence } from "./strategy.ts";

const DRAWN_OUT_MS = 450;

export function prosodyClue({ prosody, text }: Evidence): Clue | undefined {
  if (!prosody) return undefined;
  // A question rises and is over all the same.
  if (text.trimEnd().endsWith("?")) return undefined;
  const { pitchSlope, finalPitch, energyFall, lastVoicedMs } = prosody;
  const falls = clamp(-pitchSlope / 12, -1, 1);
  const isLow = clamp(-finalPitch / 3, -1, 1);
  const fades = clamp((energyFall - 4) / 6, -1, 1);
  const isDrawnOut = lastVoicedMs > DRAWN_OUT_MS ? -0.8 : 0;
  const weight = 0.4 * falls + 0.5 * isLow + 0.3 * fades + isDrawnOut;
  return { why: weight < 0 ? "the voice stays up" : "the voice falls", weight };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
