import type { Samples } from "./frame.ts";
import { type KernelFilter, ResampleKernel } from "./resample-kernel.ts";

/** Rates that legs, models and files use. Between any two of them the phases are exact. */
export const COMMON_RATES_HZ = [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000] as const;

/** Half the filter's length in samples of the lower rate; half of it is also the delay: 1.8 ms when that is 16 kHz. */
const HALF_WIDTH = 29;
/** Share of the lower rate's half that is given to the slope: flat up to 85 %, 60 dB down and more from 100 %. */
const SLOPE = 0.15;
/** Kaiser window's shape for a stop band of about 68 dB. */
const KAISER_BETA = 6.6;
/** Odd pairs of rates are served by the nearest of this many phases, which costs a noise at -60 dB in the treble. */
const MAX_PHASES = 2048;
const BLOCK_SAMPLES = 1024;

/**
 * Changes the rate of a mono stream by a windowed-sinc polyphase filter (J. O. Smith, "Digital Audio Resampling", 2002).
 * The pieces handed back, put together, do not depend on how the input was cut, and are in time with it: what the filter
 * still needs to hear comes with later pieces or with `flush`.
 */
export class Resampler {
  readonly fromHz: number;
  readonly toHz: number;
  /** How long a sample waits for those after it. */
  readonly delayMs: number;
  readonly #filter: Filter | undefined;
  /** The last samples of the past, then those of the block at work. */
  readonly #window: Samples;
  #filled: number;
  /** Where in the window the next output sample's filter begins. */
  #start = 0;
  /** How far the next output sample is past an input sample, in units of 1 / filter.up. */
  #phase = 0;
  #received = 0;
  #produced = 0;

  /** @throws RangeError for a rate that is not a whole number from 1000 to 384000 */
  constructor(fromHz: number, toHz: number) {
    for (const rateHz of [fromHz, toHz]) {
      if (Number.isInteger(rateHz) && rateHz >= 1000 && rateHz <= 384_000) continue;
      throw new RangeError(`A sample rate of ${rateHz} Hz is not supported: give a whole number from 1000 to 384000.`);
    }
    this.fromHz = fromHz;
    this.toHz = toHz;
    this.#filter = fromHz === toHz ? undefined : filterFor(fromHz, toHz);
    const taps = this.#filter?.taps ?? 0;
    this.delayMs = (taps * 500) / fromHz;
    this.#window = new Int16Array(taps + BLOCK_SAMPLES);
    this.#filled = taps === 0 ? 0 : taps / 2 - 1;
  }

  /** Takes the next samples at `fromHz` and returns what is ready at `toHz`: the same array where the rates are equal. */
  push(samples: Samples): Samples {
    const filter = this.#filter;
    if (filter === undefined) return samples;
    this.#received += samples.length;
    return this.#run(filter, samples, samples.length, this.#ready(filter, samples.length));
  }

  /**
   * Ends the stream: returns the tail, so that ceil(samples in * toHz / fromHz) samples have come out in all. The
   * resampler is as new afterwards.
   */
  flush(): Samples {
    const filter = this.#filter;
    if (filter === undefined) return new Int16Array(0);
    const missing = Math.ceil((this.#received * filter.up) / filter.down) - this.#produced;
    const tail = this.#run(filter, new Int16Array(0), filter.taps / 2, missing);
    this.#window.fill(0);
    this.#filled = filter.taps / 2 - 1;
    this.#start = this.#phase = this.#received = this.#produced = 0;
    return tail;
  }

  /** Output samples whose whole filter is covered once `added` more input samples are there. */
  #ready(filter: Filter, added: number): number {
    const lastStart = this.#filled + added - filter.taps - this.#start;
    if (lastStart < 0) return 0;
    return Math.floor((lastStart * filter.up + filter.up - 1 - this.#phase) / filter.down) + 1;
  }

  /** Takes `length` samples of `input`, zeros where it is shorter, and computes `count` output samples. */
  #run(filter: Filter, input: Samples, length: number, count: number): Samples {
    const output = new Int16Array(count);
    let written = 0;
    for (let read = 0; read < length; ) {
      const size = Math.min(length - read, this.#window.length - this.#filled);
      const given = size === input.length ? input : input.subarray(read, read + size);
      this.#window.set(given, this.#filled);
      if (given.length < size) this.#window.fill(0, this.#filled + given.length, this.#filled + size);
      this.#filled += size;
      read += size;
      written += this.#convolve(filter, output, written);
      this.#forget();
    }
    this.#produced += count;
    return output;
  }

  #convolve(filter: Filter, output: Samples, from: number): number {
    const last = Math.min(output.length, from + this.#ready(filter, 0));
    if (!this.#convolveFast(filter, output, from, last - from)) this.#convolveSlowly(filter, output, from, last);
    return last - from;
  }

  /** Returns false when the kernel can't. */
  #convolveFast(filter: Filter, output: Samples, at: number, count: number): boolean {
    if (filter.placed === undefined || kernel === undefined) return false;
    const from = { window: this.#window, start: this.#start, filled: this.#filled, phase: this.#phase };
    if (!kernel.run(filter.placed, from, { output, at, count })) return false;
    const next = this.#phase + count * filter.down;
    this.#start += Math.floor(next / filter.up);
    this.#phase = next % filter.up;
    return true;
  }

  #convolveSlowly(filter: Filter, output: Samples, from: number, last: number): void {
    const { up, phases, down, taps, coefficients } = filter;
    const window = this.#window;
    for (let at = from; at < last; at++) {
      const row = (phases === up ? this.#phase : Math.floor((this.#phase * phases) / up)) * taps;
      output[at] = dot(window, this.#start, coefficients, row, taps);
      const next = this.#phase + down;
      this.#start += Math.floor(next / up);
      this.#phase = next % up;
    }
  }

  #forget(): void {
    this.#window.copyWithin(0, this.#start, this.#filled);
    this.#filled -= this.#start;
    this.#start = 0;
  }
}

/** Four sums side by side keep the processor's adders busy. `taps` is a multiple of four. */
function dot(window: Int16Array, start: number, coefficients: Float64Array, row: number, taps: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let k = 0; k < taps; k += 4) {
    a += (window[start + k] as number) * (coefficients[row + k] as number);
    b += (window[start + k + 1] as number) * (coefficients[row + k + 1] as number);
    c += (window[start + k + 2] as number) * (coefficients[row + k + 2] as number);
    d += (window[start + k + 3] as number) * (coefficients[row + k + 3] as number);
  }
  return Math.max(-32_768, Math.min(32_767, Math.round(a + b + (c + d))));
}

type Filter = {
  /** toHz / fromHz in lowest terms is up / down. */
  readonly up: number;
  readonly down: number;
  readonly phases: number;
  readonly taps: number;
  /** One row of `taps` a phase. */
  readonly coefficients: Float64Array;
  /** Absent where the kernel has no room for it, or there is no kernel. */
  readonly placed: KernelFilter | undefined;
};

const kernel = ResampleKernel.load();

/** Filters are shared by all calls; the few pairs that a node meets stay, odd ones make room for each other. */
const filters = new Map<string, Filter>();
const MAX_FILTERS = 32;

function filterFor(fromHz: number, toHz: number): Filter {
  const key = `${fromHz}/${toHz}`;
  const known = filters.get(key);
  if (known !== undefined) return known;
  const filter = makeFilter(fromHz, toHz);
  if (filters.size >= MAX_FILTERS) filters.clear();
  filters.set(key, filter);
  return filter;
}

function makeFilter(fromHz: number, toHz: number): Filter {
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const up = toHz / divisor;
  const down = fromHz / divisor;
  /** The lower rate in units of the input's. */
  const scale = Math.min(1, toHz / fromHz);
  const half = 2 * Math.ceil(HALF_WIDTH / scale / 2);
  const taps = 2 * half;
  const phases = Math.min(up, MAX_PHASES);
  const cutoff = scale * (1 - SLOPE / 2);
  const coefficients = new Float64Array(phases * taps);
  for (let phase = 0; phase < phases; phase++) {
    const row = coefficients.subarray(phase * taps, (phase + 1) * taps);
    for (let k = 0; k < taps; k++) {
      const distance = k - (half - 1) - phase / phases;
      row[k] = sinc(cutoff * distance) * kaiser(distance / half);
    }
    const sum = row.reduce((total, value) => total + value, 0);
    for (let k = 0; k < taps; k++) row[k] = (row[k] ?? 0) / sum;
  }
  const placed = phases === up ? kernel?.place({ up, down, taps }, coefficients) : undefined;
  return { up, down, phases, taps, coefficients, placed };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** `x` runs from -1 to 1 over the window. */
function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : besselI0(KAISER_BETA * Math.sqrt(1 - x * x)) / besselI0(KAISER_BETA);
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

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
