/** What a telephone carries of a voice, in 20 bands as wide as the ear's, each 10 ms. */

import { HalveRate } from "../spectrum/halve-rate.ts";
import { PowerSpectrum } from "../spectrum/power-spectrum.ts";

export const BAND_COUNT = 20;
/** Length of a step. A frame is two of them. */
export const STEP_MS = 10;
const STEP_SAMPLES = 80;
/** At 8 kHz: 32 ms, 31.25 Hz a bin. */
const WINDOW_SAMPLES = 256;
/** First bin of each band, and the one after the last: 219 Hz to 3.75 kHz. */
const EDGES = [7, 9, 11, 13, 15, 17, 20, 23, 26, 30, 34, 38, 43, 49, 56, 64, 73, 83, 94, 106, 120] as const;

export class BandPowers {
  /** Of the two steps of the newest frame. */
  readonly steps: readonly [Float32Array, Float32Array] = [new Float32Array(BAND_COUNT), new Float32Array(BAND_COUNT)];
  readonly #halveRate = new HalveRate();
  readonly #spectrum = new PowerSpectrum(WINDOW_SAMPLES);
  readonly #ring = new Float32Array(WINDOW_SAMPLES);
  #at = 0;

  /** Takes 20 ms at 16 kHz. */
  push(frame: Int16Array): void {
    this.#halveRate.push(frame);
    this.#measure(0, this.steps[0]);
    this.#measure(STEP_SAMPLES, this.steps[1]);
  }

  #measure(from: number, bands: Float32Array): void {
    const ring = this.#ring;
    const { output } = this.#halveRate;
    let at = this.#at;
    for (let i = from; i < from + STEP_SAMPLES; i++) {
      ring[at] = output[i] as number;
      at = (at + 1) & (WINDOW_SAMPLES - 1);
    }
    this.#at = at;
    this.#spectrum.measure(ring, at);
    sumBands(this.#spectrum.power, bands);
  }

  /** Forgets what came before: the next frame doesn't follow it. */
  reset(): void {
    this.#ring.fill(0);
  }
}

function sumBands(power: Float32Array, bands: Float32Array): void {
  for (let band = 0; band < BAND_COUNT; band++) {
    let sum = 0;
    for (let bin = EDGES[band] as number; bin < (EDGES[band + 1] as number); bin++) sum += power[bin] as number;
    bands[band] = sum;
  }
}
