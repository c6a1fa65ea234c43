/** The agent's voice as it was sent to be heard, in steps of 10 ms on the call's time line. */

import { BAND_COUNT, BandPowers, STEP_MS } from "./band-powers.ts";
import { SpectralShape } from "./spectral-shape.ts";

/** 2.56 s: what is sent ahead, and the longest way of an echo. A power of two. */
const KEPT_STEPS = 256;
/** Quieter than about -58 dBFS in all: a pause. */
const ACTIVE_POWER = 10 ** -5.8;

export class Reference {
  readonly #powers = new BandPowers();
  readonly #shape = new SpectralShape();
  readonly #kept = Array.from({ length: KEPT_STEPS }, () => ({
    step: -1,
    isActive: false,
    powers: new Float32Array(BAND_COUNT),
    shape: new Float32Array(BAND_COUNT),
  }));
  #nextStep = -1;
  #lastActiveStep = Number.NEGATIVE_INFINITY;

  /** The newest step, played or still to be, in which the agent was not silent. */
  get lastActiveStep(): number {
    return this.#lastActiveStep;
  }

  /** 20 ms that begin to be heard at `atMs`. */
  add(frame: Int16Array, atMs: number): void {
    const first = Math.round(atMs / STEP_MS);
    if (first !== this.#nextStep) this.#powers.reset();
    this.#nextStep = first + 2;
    this.#powers.push(frame);
    for (const [index, powers] of this.#powers.steps.entries()) this.#keep(first + index, powers);
  }

  /** What was to be heard from `atMs` on never is. */
  dropFrom(atMs: number): void {
    const first = Math.round(atMs / STEP_MS);
    for (const kept of this.#kept) if (kept.step >= first) kept.step = -1;
    this.#lastActiveStep = Math.min(this.#lastActiveStep, first - 1);
    this.#nextStep = -1;
  }

  /** Undefined where nothing was played. */
  find(step: number): { isActive: boolean; powers: Float32Array; shape: Float32Array } | undefined {
    const kept = this.#kept[step & (KEPT_STEPS - 1)];
    return kept?.step === step ? kept : undefined;
  }

  #keep(step: number, powers: Float32Array): void {
    const kept = this.#kept[step & (KEPT_STEPS - 1)];
    if (!kept) return;
    let total = 0;
    for (const power of powers) total += power;
    kept.step = step;
    kept.powers.set(powers);
    kept.isActive = total > ACTIVE_POWER;
    if (!kept.isActive) return;
    this.#shape.measure(powers, kept.shape);
    this.#lastActiveStep = Math.max(this.#lastActiveStep, step);
  }
}
