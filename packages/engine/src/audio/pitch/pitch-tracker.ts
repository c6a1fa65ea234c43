/** Pitch of a voice, each 20 ms, by normalised autocorrelation of what lies under 1.9 kHz. */

import { HalveRate } from "../spectrum/halve-rate.ts";

const RATE_HZ = 4000;
/** 48 ms: three periods of a deep voice. */
const WINDOW_SAMPLES = 192;
const STEP_SAMPLES = 80;
/** 66 to 400 Hz. */
const MIN_LAG = 10;
const MAX_LAG = 60;
const BUFFER_SAMPLES = WINDOW_SAMPLES + MAX_LAG;
/** Binomial low-pass before every second sample is taken. */
const SIDE_TAPS = [0.375, 0.25, 0.0625] as const;
const LEAST_ENERGY = 1e-9;
/** A shorter period is taken when it is nearly as good as the best: a multiple of a period repeats as well. */
const NEARLY = 0.88;

export class PitchTracker {
  /** Hz; 0 where nothing repeats. */
  pitchHz = 0;
  /** How well the sound repeats, 0 to 1. */
  clarity = 0;
  /** Mean power of the newest 20 ms under 1.9 kHz, full scale 1. */
  power = 0;
  readonly #halveRate = new HalveRate();
  readonly #buffer = new Float32Array(BUFFER_SAMPLES);
  readonly #past = new Float32Array(4);
  readonly #likeness = new Float32Array(MAX_LAG + 2);

  push(frame: Int16Array): void {
    this.#halveRate.push(frame);
    this.#halveAgain();
    this.power = this.#newestPower();
    this.#correlate();
    this.#choose();
  }

  #halveAgain(): void {
    const buffer = this.#buffer;
    const past = this.#past;
    const input = this.#halveRate.output;
    buffer.copyWithin(0, STEP_SAMPLES);
    const at = (i: number) => (i < 0 ? (past[i + 4] as number) : (input[i] as number));
    const [middle, side, far] = SIDE_TAPS;
    for (let i = 0; i < STEP_SAMPLES; i++) {
      const centre = 2 * i - 2;
      buffer[BUFFER_SAMPLES - STEP_SAMPLES + i] =
        middle * at(centre) + side * (at(centre - 1) + at(centre + 1)) + far * (at(centre - 2) + at(centre + 2));
    }
    past.set(input.subarray(input.length - 4));
  }

  #newestPower(): number {
    let sum = 0;
    for (let i = BUFFER_SAMPLES - STEP_SAMPLES; i < BUFFER_SAMPLES; i++) sum += (this.#buffer[i] as number) ** 2;
    return sum / STEP_SAMPLES;
  }

  #correlate(): void {
    const buffer = this.#buffer;
    const likeness = this.#likeness;
    let late = 0;
    for (let i = MAX_LAG; i < BUFFER_SAMPLES; i++) late += (buffer[i] as number) ** 2;
    let early = 0;
    const first = MAX_LAG - MIN_LAG + 1;
    for (let i = first; i < first + WINDOW_SAMPLES; i++) early += (buffer[i] as number) ** 2;
    for (let lag = MIN_LAG - 1; lag <= MAX_LAG; lag++) {
      const start = MAX_LAG - lag;
      let product = 0;
      for (let i = 0; i < WINDOW_SAMPLES; i++)
        product += (buffer[MAX_LAG + i] as number) * (buffer[start + i] as number);
      likeness[lag] = product / Math.sqrt(late * early + LEAST_ENERGY);
      if (start > 0) early += (buffer[start - 1] as number) ** 2 - (buffer[start + WINDOW_SAMPLES - 1] as number) ** 2;
    }
  }

  #choose(): void {
    const likeness = this.#likeness;
    let best = 0;
    for (let lag = MIN_LAG; lag < MAX_LAG; lag++)
      if (isPeak(likeness, lag)) best = Math.max(best, likeness[lag] as number);
    this.clarity = best;
    this.pitchHz = 0;
    if (best <= 0) return;
    for (let lag = MIN_LAG; lag < MAX_LAG; lag++) {
      if (!isPeak(likeness, lag) || (likeness[lag] as number) < best * NEARLY) continue;
      this.pitchHz = RATE_HZ / (lag + peakOffset(likeness, lag));
      return;
    }
  }
}

function isPeak(likeness: Float32Array, lag: number): boolean {
  const here = likeness[lag] as number;
  return here >= (likeness[lag - 1] as number) && here > (likeness[lag + 1] as number);
}

/** Where between the samples the top of the peak lies: a parabola through three points. */
function peakOffset(likeness: Float32Array, lag: number): number {
  const [left, middle, right] = [likeness[lag - 1] as number, likeness[lag] as number, likeness[lag + 1] as number];
  const curve = left - 2 * middle + right;
  return curve === 0 ? 0 : Math.max(-0.5, Math.min(0.5, (0.5 * (left - right)) / curve));
}
