/** The one or two strongest tones in what a telephone carries, each 20 ms. */

import { HalveRate } from "../spectrum/halve-rate.ts";
import { PowerSpectrum } from "../spectrum/power-spectrum.ts";

/** 64 ms at 8 kHz: fine enough to tell 440 from 480 Hz. */
const WINDOW_SAMPLES = 512;
const BIN_HZ = 8000 / WINDOW_SAMPLES;
/** 203 Hz to 3.8 kHz. */
const FIRST_BIN = 13;
const LAST_BIN = 243;
/** A sine under the window lies in so many bins to each side of its peak. */
const LOBE_BINS = 2;
/** A second tone may be this much weaker than the first. */
const SECOND_SHARE = 0.2;

export class StrongestTones {
  /** Power of everything from 200 Hz to 3.8 kHz, full scale 1. */
  power = 0;
  /** Strongest tone, Hz, and its share of the power. */
  firstHz = 0;
  firstShare = 0;
  /** Second tone, Hz: 0 where there is none of comparable strength. */
  secondHz = 0;
  secondShare = 0;
  readonly #halveRate = new HalveRate();
  readonly #spectrum = new PowerSpectrum(WINDOW_SAMPLES);
  readonly #ring = new Float32Array(WINDOW_SAMPLES);
  #at = 0;

  /** Measures the last 64 ms, of which `frame` (20 ms at 16 kHz) is the newest part. */
  push(frame: Int16Array): void {
    this.#halveRate.push(frame);
    for (const sample of this.#halveRate.output) {
      this.#ring[this.#at] = sample;
      this.#at = (this.#at + 1) & (WINDOW_SAMPLES - 1);
    }
    this.#spectrum.measure(this.#ring, this.#at);
    this.#findTones(this.#spectrum.power);
  }

  #findTones(power: Float32Array): void {
    let total = 0;
    let first = FIRST_BIN;
    for (let bin = FIRST_BIN; bin <= LAST_BIN; bin++) {
      total += power[bin] as number;
      if ((power[bin] as number) > (power[first] as number)) first = bin;
    }
    let second = 0;
    let best = (power[first] as number) * SECOND_SHARE;
    for (let bin = FIRST_BIN + 1; bin < LAST_BIN; bin++) {
      const here = power[bin] as number;
      if (Math.abs(bin - first) < LOBE_BINS || here <= best) continue;
      if (here < (power[bin - 1] as number) || here < (power[bin + 1] as number)) continue;
      second = bin;
      best = here;
    }
    this.power = total;
    this.firstHz = peakHz(power, first);
    this.firstShare = total === 0 ? 0 : lobe(power, first) / total;
    this.secondHz = second === 0 ? 0 : peakHz(power, second);
    this.secondShare = second === 0 ? 0 : Math.min(1 - this.firstShare, lobe(power, second) / total);
  }
}

function lobe(power: Float32Array, bin: number): number {
  let sum = 0;
  for (let at = Math.max(FIRST_BIN, bin - LOBE_BINS); at <= Math.min(LAST_BIN, bin + LOBE_BINS); at++)
    sum += power[at] as number;
  return sum;
}

/** Between the bins, by a parabola through the peak's logarithms. */
function peakHz(power: Float32Array, bin: number): number {
  const left = Math.log((power[bin - 1] as number) + 1e-20);
  const middle = Math.log((power[bin] as number) + 1e-20);
  const right = Math.log((power[bin + 1] as number) + 1e-20);
  const curve = left - 2 * middle + right;
  const offset = curve === 0 ? 0 : (0.5 * (left - right)) / curve;
  return (bin + Math.max(-0.5, Math.min(0.5, offset))) * BIN_HZ;
}
