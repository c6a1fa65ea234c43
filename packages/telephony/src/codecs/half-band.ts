/**
 * Between 8 and 16 kHz, the only step a telephone call needs: G.722 samples at 16 kHz, and Opus decodes to it. A half-band
 * filter is zero at every other tap, so doubling keeps each sample and computes the one between; halving drops one of two.
 */

/** Taps on each side of the middle that aren't zero: flat to 3.4 kHz, 60 dB down from 4.6 kHz, 1.4 ms late. */
const SIDE_TAPS = 12;
const KAISER_BETA = 6;
const MAX_INPUT = 2048;

/** Weights at distances 1, 3, 5 … from the middle, in units of the higher rate; they add up to a half. */
const WEIGHTS = makeWeights();

/** 8 kHz to 16 kHz, statefully. */
export class Doubler {
  /** The past, then the present. */
  readonly #line = new Float64Array(2 * SIDE_TAPS + MAX_INPUT);

  /** Writes twice `count` samples to `output` from `at` on; `count` up to 2048. */
  run(input: Int16Array, count: number, output: Int16Array, at: number): void {
    const line = this.#line;
    const past = 2 * SIDE_TAPS;
    for (let i = 0; i < count; i++) line[past + i] = input[i] as number;
    for (let i = 0; i < count; i++) {
      // The sample itself, then the one half way to its successor.
      const left = i + SIDE_TAPS;
      let sum = 0;
      let other = 0;
      for (let k = 0; k < SIDE_TAPS; k += 2) {
        sum += (WEIGHTS[k] as number) * ((line[left - k] as number) + (line[left + 1 + k] as number));
        other += (WEIGHTS[k + 1] as number) * ((line[left - k - 1] as number) + (line[left + 2 + k] as number));
      }
      output[at + 2 * i] = line[left] as number;
      output[at + 2 * i + 1] = clip(2 * (sum + other));
    }
    line.copyWithin(0, count, count + past);
  }

  /** Forgets the past. */
  reset(): void {
    this.#line.fill(0, 0, 2 * SIDE_TAPS);
  }
}

/** 16 kHz to 8 kHz, statefully. */
export class Halver {
  readonly #line = new Float64Array(4 * SIDE_TAPS + MAX_INPUT);

  /** Writes half of `count` samples to the front of `output`; `count` is even and up to 2048. */
  run(input: Int16Array, count: number, output: Int16Array): void {
    const line = this.#line;
    const past = 4 * SIDE_TAPS;
    for (let i = 0; i < count; i++) line[past + i] = input[i] as number;
    for (let i = 0; i < count; i += 2) {
      const middle = i + 2 * SIDE_TAPS;
      let sum = 0;
      let other = 0;
      for (let k = 0; k < SIDE_TAPS; k += 2) {
        sum += (WEIGHTS[k] as number) * ((line[middle - 1 - 2 * k] as number) + (line[middle + 1 + 2 * k] as number));
        other +=
          (WEIGHTS[k + 1] as number) * ((line[middle - 3 - 2 * k] as number) + (line[middle + 3 + 2 * k] as number));
      }
      output[i >> 1] = clip((line[middle] as number) / 2 + sum + other);
    }
    line.copyWithin(0, count, count + past);
  }
}

function clip(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}

function makeWeights(): Float64Array {
  const raw = Float64Array.from({ length: SIDE_TAPS }, (_, index) => {
    const distance = 2 * index + 1;
    const sinc = Math.sin((Math.PI * distance) / 2) / (Math.PI * distance);
    return sinc * kaiser(distance / (2 * SIDE_TAPS));
  });
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return Float64Array.from(raw, (weight) => weight / (4 * sum));
}

function kaiser(x: number): number {
  return besselI0(KAISER_BETA * Math.sqrt(1 - x * x)) / besselI0(KAISER_BETA);
}

function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
