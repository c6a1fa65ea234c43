/** Tells how much of what the caller's side sends is the agent's own voice coming back. */

import { BAND_COUNT, BandPowers, STEP_MS } from "./band-powers.ts";
import { DelayFinder, MAX_DELAY_STEPS } from "./delay-finder.ts";
import { EchoLevel } from "./echo-level.ts";
import { framePower } from "./frame-power.ts";
import { NoiseFloor } from "./noise-floor.ts";
import { Reference } from "./reference.ts";
import { SpectralShape } from "./spectral-shape.ts";

/** What holds more echo than this is not the caller speaking. */
export const ECHO_SHARE = 0.75;

/** So long after the agent's last sound no room sends anything back any more: 300 ms after the longest delay. */
const TAIL_STEPS = MAX_DELAY_STEPS + 30;
/** Frames arrive unevenly; further off than this, the caller's time line has jumped. */
const MAX_DRIFT_STEPS = 15;
/** What is this far above the caller's noise is a sound. */
const SOUND_ABOVE_NOISE = 4;
/** How fast the share follows from step to step. */
const SHARE_RATE = 0.3;
/** A frame under -58 dBFS, or hardly over the caller's noise, holds neither voice nor echo. */
const QUIET_POWER = 10 ** -5.8;
const QUIET_ABOVE_NOISE = 2;
/** Of quiet frames, each such one is looked at for its noise. */
const NOISE_EVERY = 8;
const NOISE_RISE = 10 ** 0.002;

/**
 * Call `play` for each frame that is sent to the leg and `hear` for each that comes. While the agent or the caller's side
 * is silent it costs next to nothing.
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
  #share = 1;
  #quietFrames = 0;
  #leastPower = 1;

  /** ms from the leg's play time to the echo; undefined while no echo is known. */
  get delayMs(): number | undefined {
    return this.#delays.delay === undefined ? undefined : this.#delays.delay * STEP_MS;
  }

  /** 20 ms of the agent's voice, which begin to be heard at `atMs` (any clock, the same for all three). Copied. */
  play(frame: Int16Array, atMs: number): void {
    this.#reference.add(frame, atMs);
  }

  /** What was to be heard from `atMs` on was dropped by the leg. */
  dropFrom(atMs: number): void {
    this.#reference.dropFrom(atMs);
  }

  /**
   * 20 ms of the caller, the last sample of which came at `atMs`.
   * @returns how much of it is echo: 0, none that is known of, to 1, nothing but echo and noise. Over `ECHO_SHARE` it
   * should not count as the caller's speech.
   */
  hear(frame: Int16Array, atMs: number): number {
    const step = this.#place(atMs);
    if (step > this.#reference.lastActiveStep + TAIL_STEPS) {
      this.#share = 1;
      return 0;
    }
    const power = framePower(frame);
    this.#leastPower = Math.min(power, Math.max(this.#leastPower * NOISE_RISE, 1e-10));
    if (power < Math.max(QUIET_POWER, this.#leastPower * QUIET_ABOVE_NOISE)) this.#hearQuiet(frame, step);
    else this.#hearSound(frame, step);
    return this.#share;
  }

  /** The step at which a frame begins: gapless, but never far from its time. */
  #place(atMs: number): number {
    const due = Math.round(atMs / STEP_MS) - 2;
    if (Math.abs(due - this.#nextStep) > MAX_DRIFT_STEPS) this.#nextStep = due;
    const step = this.#nextStep;
    this.#nextStep += 2;
    return step;
  }

  #hearQuiet(frame: Int16Array, step: number): void {
    this.#share += SHARE_RATE * (1 - this.#share);
    this.#level.learnQuiet(QUIET_POWER, this.#reference.loudness(step, MAX_DELAY_STEPS));
    if (this.#quietFrames++ % NOISE_EVERY !== 1) return;
    this.#caller.push(frame);
    for (const powers of this.#caller.steps) this.#noise.push(powers);
  }

  #hearSound(frame: Int16Array, step: number): void {
    if (this.#quietFrames > 0) this.#caller.reset();
    this.#quietFrames = 0;
    this.#reference.measure(step + 1, MAX_DELAY_STEPS + 2);
    this.#caller.push(frame);
    for (const [index, powers] of this.#caller.steps.entries()) this.#judge(powers, step + index);
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
