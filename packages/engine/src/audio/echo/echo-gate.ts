/** Tells how much of what the caller's side sends is the agent's own voice coming back. */

import { BAND_COUNT, BandPowers, STEP_MS } from "./band-powers.ts";
import { DelayFinder, MAX_DELAY_STEPS } from "./delay-finder.ts";
import { EchoLevel } from "./echo-level.ts";
import { NoiseFloor } from "./noise-floor.ts";
import { Reference } from "./reference.ts";
import { SpectralShape } from "./spectral-shape.ts";

/** So long after the agent's last sound no room sends anything back any more: 300 ms after the longest delay. */
const TAIL_STEPS = MAX_DELAY_STEPS + 30;
/** Frames arrive unevenly; further off than this, the caller's time line has jumped. */
const MAX_DRIFT_STEPS = 15;
/** What is this far above the caller's noise is a sound. */
const SOUND_ABOVE_NOISE = 4;
/** How fast the share follows from step to step. */
const SHARE_RATE = 0.3;

/**
 * Call `play` for each frame that is sent to the leg and `hear` for each that comes. Nothing is learnt or computed while
 * the agent is silent.
 */
export class EchoGate {
  readonly #reference = new Reference();
  readonly #caller = new BandPowers();
  readonly #shape = new SpectralShape();
  readonly #delays = new DelayFinder();
  readonly #level = new EchoLevel();
  readonly #noise = new NoiseFloor();
  readonly #callerShape = new Float32Array(BAND_COUNT);
  #nextStep = -1;
  #share = 0;

  /** ms from the leg's play time to the echo; undefined while no echo is known. */
  get delayMs(): number | undefined {
    return this.#delays.delay === undefined ? undefined : this.#delays.delay * STEP_MS;
  }

  /** 20 ms of the agent's voice, which begin to be heard at `atMs` (any clock, the same for all three). */
  play(frame: Int16Array, atMs: number): void {
    this.#reference.add(frame, atMs);
  }

  /** What was to be heard from `atMs` on was dropped by the leg. */
  dropFrom(atMs: number): void {
    this.#reference.dropFrom(atMs);
  }

  /**
   * 20 ms of the caller, the last sample of which came at `atMs`.
   * @returns how much of it is echo: 0, none that is known of, to 1, nothing but echo and noise
   */
  hear(frame: Int16Array, atMs: number): number {
    const due = Math.round(atMs / STEP_MS) - 2;
    if (Math.abs(due - this.#nextStep) > MAX_DRIFT_STEPS) this.#nextStep = due;
    const first = this.#nextStep;
    this.#nextStep += 2;
    if (first > this.#reference.lastActiveStep + TAIL_STEPS) {
      this.#share = 0;
      return 0;
    }
    this.#caller.push(frame);
    for (const [index, powers] of this.#caller.steps.entries()) this.#judge(powers, first + index);
    return this.#share;
  }

  #judge(powers: Float32Array, step: number): void {
    this.#noise.push(powers);
    const isSound = this.#noise.total * SOUND_ABOVE_NOISE < sum(powers);
    if (isSound) {
      this.#shape.measure(powers, this.#callerShape);
      this.#delays.push(this.#callerShape, step, this.#reference);
    }
    this.#level.expect(step, this.#reference, this.#delays.delay);
    const share = this.#level.explain(powers, this.#noise.powers);
    this.#share += SHARE_RATE * (share - this.#share);
    this.#level.learn(powers, this.#noise.powers, this.#share);
  }
}

function sum(powers: Float32Array): number {
  let total = 0;
  for (const power of powers) total += power;
  return total;
}
