import { toSamples } from "./frame.ts";

/**
 * Adds `source`, changed by `gainDb` (default 0), to `target` in place; sums beyond 16 bits saturate. Where the lengths
 * differ, the shorter one counts.
 */
export function mixInto(target: Int16Array, source: Int16Array, gainDb = 0): void {
  const factor = toFactor(gainDb);
  const length = Math.min(target.length, source.length);
  for (let i = 0; i < length; i++) target[i] = saturate((target[i] as number) + (source[i] as number) * factor);
}

/** Changes `samples` in place by `gainDb`, saturating. */
export function applyGain(samples: Int16Array, gainDb: number): void {
  const factor = toFactor(gainDb);
  for (let i = 0; i < samples.length; i++) samples[i] = saturate((samples[i] as number) * factor);
}

/** A gain that moves without clicks, linear in amplitude: for ducking a background under a voice, and for fades. */
export class GainRamp {
  #factor: number;
  #target: number;
  #step = 0;

  /** @param gainDb where it starts; default 0 */
  constructor(gainDb = 0) {
    this.#factor = toFactor(gainDb);
    this.#target = this.#factor;
  }

  /** Moves from the gain of now to `gainDb` over the next `overMs` of 16 kHz audio; a second call replaces the first. */
  rampTo(gainDb: number, overMs: number): void {
    this.#target = toFactor(gainDb);
    const length = toSamples(overMs);
    if (length <= 0) this.#factor = this.#target;
    this.#step = length <= 0 ? 0 : (this.#target - this.#factor) / length;
  }

  /** Applies the gain to the next 16 kHz samples in place. */
  apply(samples: Int16Array): void {
    if (this.#factor === 1 && this.#step === 0) return;
    for (let i = 0; i < samples.length; i++) {
      if (this.#step !== 0) this.#advance();
      samples[i] = saturate((samples[i] as number) * this.#factor);
    }
  }

  #advance(): void {
    this.#factor += this.#step;
    const isPast = this.#step > 0 ? this.#factor >= this.#target : this.#factor <= this.#target;
    if (!isPast) return;
    this.#factor = this.#target;
    this.#step = 0;
  }
}

/** Amplitude factor of a gain in dB: 1 for 0 dB, 0 for -Infinity. */
function toFactor(gainDb: number): number {
  return 10 ** (gainDb / 20);
}

function saturate(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}
