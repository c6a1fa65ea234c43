/**
 * A call's quality as a number: the E-model of ITU-T G.107, with its default values for all that a packet network can't
 * know (loudness, room noise, echo).
 */
import type { AudioCodecName } from "../sdp/media-capabilities.ts";

/** R of a call without delay, loss or coding: G.107 table 3. */
const BEST_R = 93.2;
/**
 * How well each codec bears coding and loss (Ie and Bpl). G.711 with concealment: G.113 appendix I. For the others the
 * Recommendation has no narrow-band values; these are ours, near to G.711's as none of them sounds worse.
 */
const CODECS: Readonly<Record<AudioCodecName, { readonly impairment: number; readonly robustness: number }>> = {
  PCMU: { impairment: 0, robustness: 25.1 },
  PCMA: { impairment: 0, robustness: 25.1 },
  G722: { impairment: 0, robustness: 18 },
  opus: { impairment: 0, robustness: 20 },
};

export type QualityInput = {
  readonly codec: AudioCodecName;
  /** Share of packets that were missing when they should have been played, 0 to 1. */
  readonly loss: number;
  /** From mouth to ear, one way. */
  readonly delayMs: number;
};

export type CallQuality = {
  /** 0 (useless) to 93.2. */
  readonly r: number;
  /** Mean opinion score, 1 to 4.41. */
  readonly mos: number;
};

export function toQuality({ codec, loss, delayMs }: QualityInput): CallQuality {
  const { impairment, robustness } = CODECS[codec];
  const percent = Math.max(0, Math.min(1, loss)) * 100;
  const lossImpairment = impairment + ((95 - impairment) * percent) / (percent + robustness);
  const delayImpairment = 0.024 * delayMs + (delayMs > 177.3 ? 0.11 * (delayMs - 177.3) : 0);
  const r = Math.max(0, Math.min(BEST_R, BEST_R - lossImpairment - delayImpairment));
  const mos = Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
  return { r: round(r, 10), mos: round(mos, 100) };
}

function round(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
