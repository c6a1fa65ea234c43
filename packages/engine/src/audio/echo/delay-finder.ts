/** Finds how long the agent's voice takes to come back, by how alike the spectra of both sides are. */

import { BAND_COUNT } from "./band-powers.ts";
import type { Reference } from "./reference.ts";

/** The longest way, 480 ms. */
export const MAX_DELAY_STEPS = 48;
/** Likeness is averaged over about this many steps in which both sides were heard, 400 ms. */
const MEMORY_STEPS = 40;
/** Fewer say nothing. */
const MIN_STEPS = 12;
const FOUND_ABOVE = 0.35;
const LOST_BELOW = 0.2;
/** Another delay must be clearly better than the present one. */
const BETTER_BY = 0.06;

export class DelayFinder {
  readonly #likeness = new Float32Array(MAX_DELAY_STEPS + 1);
  readonly #counts = new Float32Array(MAX_DELAY_STEPS + 1);
  #delay: number | undefined;

  /** Steps of 10 ms; undefined while no echo is known. */
  get delay(): number | undefined {
    return this.#delay;
  }

  /** -1 to 1: how alike caller and agent have been at the delay, of late. */
  get likeness(): number {
    return this.#delay === undefined ? 0 : (this.#likeness[this.#delay] as number);
  }

  push(shape: Float32Array, step: number, reference: Reference): void {
    let best = 0;
    let isHeard = false;
    for (let delay = 0; delay <= MAX_DELAY_STEPS; delay++) {
      const played = reference.find(step - delay);
      if (played?.isActive) {
        isHeard = true;
        let product = 0;
        for (let band = 0; band < BAND_COUNT; band++)
          product += (shape[band] as number) * (played.shape[band] as number);
        const count = Math.min(MEMORY_STEPS, (this.#counts[delay] as number) + 1);
        this.#counts[delay] = count;
        this.#likeness[delay] =
          (this.#likeness[delay] as number) + (product - (this.#likeness[delay] as number)) / count;
      }
      if (this.#of(delay) > this.#of(best)) best = delay;
    }
    if (isHeard) this.#choose(best);
  }

  #choose(best: number): void {
    const delay = this.#delay;
    if (delay !== undefined && this.#of(delay) < LOST_BELOW) this.#delay = undefined;
    if (this.#of(best) < FOUND_ABOVE) return;
    if (this.#delay === undefined || this.#of(best) > this.#of(this.#delay) + BETTER_BY) this.#delay = best;
  }

  #of(delay: number): number {
    return (this.#counts[delay] as number) < MIN_STEPS ? -1 : (this.#likeness[delay] as number);
  }
}
