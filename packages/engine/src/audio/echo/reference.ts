/** The agent's voice as it was sent to be heard, in steps of 10 ms on the call's time line. */

import { FRAME_SAMPLES } from "../frame.ts";
import { BAND_COUNT, BandPowers, STEP_MS } from "./band-powers.ts";
import { framePower } from "./frame-power.ts";
import { SpectralShape } from "./spectral-shape.ts";

/** 1.28 s: what is sent ahead, and the longest way of an echo. A power of two. */
const KEPT_FRAMES = 64;
const KEPT_STEPS = 2 * KEPT_FRAMES;
/** Quieter than about -58 dBFS in all: a pause. */
const ACTIVE_POWER = 10 ** -5.8;

export type PlayedStep = {
  step: number;
  isActive: boolean;
  readonly powers: Float32Array;
  readonly shape: Float32Array;
};

/** Spectra are made when they are asked for: most of the time the caller's side is silent, and nobody does. */
export class Reference {
  readonly #powers = new BandPowers();
  readonly #shape = new SpectralShape();
  /** Of each kept frame: the step at which it begins, its mean power, its samples. Looked through once a frame. */
  readonly #firstSteps = new Float64Array(KEPT_FRAMES).fill(Number.NEGATIVE_INFINITY);
  readonly #framePowers = new Float64Array(KEPT_FRAMES);
  readonly #samples = Array.from({ length: KEPT_FRAMES }, () => new Int16Array(FRAME_SAMPLES));
  readonly #steps: readonly PlayedStep[] = Array.from({ length: KEPT_STEPS }, () => ({
    step: Number.NEGATIVE_INFINITY,
    isActive: false,
    powers: new Float32Array(BAND_COUNT),
    shape: new Float32Array(BAND_COUNT),
  }));
  #added = 0;
  #measured = 0;
  #followsStep = -1;
  #lastActiveStep = Number.NEGATIVE_INFINITY;

  /** The newest step, played or still to be, in which the agent was not silent. */
  get lastActiveStep(): number {
    return this.#lastActiveStep;
  }

  /** 20 ms that begin to be heard at `atMs`. Copied. */
  add(frame: Int16Array, atMs: number): void {
    const at = this.#added++ & (KEPT_FRAMES - 1);
    const firstStep = Math.round(atMs / STEP_MS);
    const power = framePower(frame);
    this.#samples[at]?.set(frame);
    this.#firstSteps[at] = firstStep;
    this.#framePowers[at] = power;
    if (power > ACTIVE_POWER) this.#lastActiveStep = Math.max(this.#lastActiveStep, firstStep + 1);
  }

  /** What was to be heard from `atMs` on never is. */
  dropFrom(atMs: number): void {
    const first = Math.round(atMs / STEP_MS);
    for (const [at, step] of this.#firstSteps.entries())
      if (step >= first) this.#firstSteps[at] = Number.NEGATIVE_INFINITY;
    for (const kept of this.#steps) if (kept.step >= first) kept.step = Number.NEGATIVE_INFINITY;
    this.#lastActiveStep = Math.min(this.#lastActiveStep, first - 1);
  }

  /** Mean power of the frames played in the `steps` before `step`, and how many of them were no pauses. */
  loudness(step: number, steps: number): { readonly power: number; readonly activeShare: number } {
    const firstSteps = this.#firstSteps;
    const powers = this.#framePowers;
    let power = 0;
    let active = 0;
    for (let at = 0; at < KEPT_FRAMES; at++) {
      const firstStep = firstSteps[at] as number;
      if (firstStep > step || firstStep <= step - steps) continue;
      const one = powers[at] as number;
      power += one;
      if (one > ACTIVE_POWER) active++;
    }
    return { power: (2 * power) / steps, activeShare: (2 * active) / steps };
  }

  /** Measures what has been played up to `step` and not been measured yet; what is older than `steps` is left out. */
  measure(step: number, steps: number): void {
    this.#measured = Math.max(this.#measured, this.#added - KEPT_FRAMES);
    for (; this.#measured < this.#added; this.#measured++) {
      const at = this.#measured & (KEPT_FRAMES - 1);
      const firstStep = this.#firstSteps[at] as number;
      if (firstStep > step) return;
      const samples = this.#samples[at];
      if (samples && firstStep >= step - steps) this.#measureFrame(samples, firstStep);
    }
  }

  /** Undefined where nothing was played. */
  find(step: number): PlayedStep | undefined {
    const kept = this.#steps[step & (KEPT_STEPS - 1)];
    return kept?.step === step ? kept : undefined;
  }

  #measureFrame(samples: Int16Array, firstStep: number): void {
    if (firstStep !== this.#followsStep) this.#powers.reset();
    this.#followsStep = firstStep + 2;
    this.#powers.push(samples);
    this.#keep(firstStep, this.#powers.steps[0]);
    this.#keep(firstStep + 1, this.#powers.steps[1]);
  }

  #keep(step: number, powers: Float32Array): void {
    const kept = this.#steps[step & (KEPT_STEPS - 1)];
    if (!kept) return;
    let total = 0;
    for (const power of powers) total += power;
    kept.step = step;
    kept.powers.set(powers);
    kept.isActive = total > ACTIVE_POWER;
    if (kept.isActive) this.#shape.measure(powers, kept.shape);
  }
}
