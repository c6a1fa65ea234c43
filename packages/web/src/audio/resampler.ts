/** Sinc zero crossings to each side: enough for -60 dB of alias, a delay of about one millisecond. */
const ZERO_CROSSINGS = 16;
/** The pass band ends a little below the lower rate's Nyquist frequency, so that the filter has room to fall. */
const PASS_BAND = 0.92;

/** Streaming windowed-sinc resampler for mono audio. State carries over chunk borders: no clicks, no drift. */
export class Resampler {
  readonly #step: number;
  readonly #phaseCount: number;
  readonly #phases: readonly Float32Array[];
  readonly #taps: number;
  #history: Float32Array;
  /** Position of the next output, in units of 1/phaseCount input samples from the history's start. */
  #position = 0;

  constructor({ fromHz, toHz }: { fromHz: number; toHz: number }) {
    const divisor = greatestCommonDivisor(fromHz, toHz);
    this.#step = fromHz / divisor;
    this.#phaseCount = toHz / divisor;
    const cutoff = Math.min(1, toHz / fromHz) * PASS_BAND;
    const half = fromHz === toHz ? 0 : Math.ceil(ZERO_CROSSINGS / cutoff);
    this.#taps = 2 * half + 1;
    this.#phases = Array.from({ length: this.#phaseCount }, (_, phase) =>
      half === 0 ? Float32Array.of(1) : makeKernel({ half, cutoff, offset: phase / this.#phaseCount }),
    );
    this.#history = new Float32Array(half);
  }

  /** The output that this input completes: on average `input.length * toHz / fromHz` samples. */
  push(input: Float32Array): Float32Array {
    const buffered = new Float32Array(this.#history.length + input.length);
    buffered.set(this.#history);
    buffered.set(input, this.#history.length);
    const lastStart = buffered.length - this.#taps;
    const count = Math.max(0, Math.floor((lastStart * this.#phaseCount - this.#position) / this.#step) + 1);
    const output = new Float32Array(count);
    for (let index = 0; index < count; index++) {
      output[index] = this.#convolve(buffered, this.#position);
      this.#position += this.#step;
    }
    const used = Math.min(Math.floor(this.#position / this.#phaseCount), buffered.length);
    this.#position -= used * this.#phaseCount;
    this.#history = buffered.slice(used);
    return output;
  }

  #convolve(buffered: Float32Array, position: number): number {
    const start = Math.floor(position / this.#phaseCount);
    const kernel = this.#phases[position % this.#phaseCount];
    if (kernel === undefined) return 0;
    let sum = 0;
    for (let tap = 0; tap < this.#taps; tap++) sum += (kernel[tap] ?? 0) * (buffered[start + tap] ?? 0);
    return sum;
  }
}

/** A low pass centred `offset` samples after the middle tap, with a gain of exactly one for a constant. */
function makeKernel({ half, cutoff, offset }: { half: number; cutoff: number; offset: number }): Float32Array {
  const kernel = Float32Array.from({ length: 2 * half + 1 }, (_, tap) => {
    const distance = tap - half - offset;
    return sinc(cutoff * distance) * blackman(distance / (half + 1));
  });
  const sum = kernel.reduce((total, value) => total + value, 0);
  return kernel.map((value) => value / sum);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** `x` from -1 to 1. */
function blackman(x: number): number {
  return 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
