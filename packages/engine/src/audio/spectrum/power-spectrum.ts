/** Power spectra of short pieces of sound, made over and over without allocating. */

/** A real Fourier transform by a complex one of half the size (radix 2, decimation in time), under a Hann window. */
export class PowerSpectrum {
  readonly size: number;
  /** Power of each bin from 0 to half the rate, of full-scale samples in ±1: a sine in a bin's centre gives its power. */
  readonly power: Float32Array;
  readonly #window: Float32Array;
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  readonly #order: Uint16Array;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;

  /** @param size samples of a piece, a power of two from 8 */
  constructor(size: number) {
    if (size < 8 || (size & (size - 1)) !== 0) throw new RangeError(`size must be a power of two from 8, not ${size}.`);
    this.size = size;
    const half = size / 2;
    this.power = new Float32Array(half + 1);
    this.#re = new Float64Array(half);
    this.#im = new Float64Array(half);
    const { window, order, cos, sin } = tablesOf(size);
    this.#window = window;
    this.#order = order;
    this.#cos = cos;
    this.#sin = sin;
  }

  /** Fills `power` from the `size` samples of `ring` (of that length) that begin at `start`, wrapping around. */
  measure(ring: Float32Array, start = 0): void {
    const half = this.size / 2;
    const mask = this.size - 1;
    const [re, im, order, window] = [this.#re, this.#im, this.#order, this.#window];
    for (let i = 0; i < half; i++) {
      const even = 2 * (order[i] as number);
      re[i] = (ring[(start + even) & mask] as number) * (window[even] as number);
      im[i] = (ring[(start + even + 1) & mask] as number) * (window[even + 1] as number);
    }
    this.#transform(half);
    this.#unfold(half);
  }

  #transform(half: number): void {
    const [re, im, cos, sin] = [this.#re, this.#im, this.#cos, this.#sin];
    for (let width = 1; width < half; width *= 2) {
      const step = half / width;
      for (let pair = 0; pair < width; pair++) {
        const wr = cos[pair * step] as number;
        const wi = sin[pair * step] as number;
        for (let a = pair; a < half; a += 2 * width) {
          const b = a + width;
          const tr = (re[b] as number) * wr - (im[b] as number) * wi;
          const ti = (re[b] as number) * wi + (im[b] as number) * wr;
          re[b] = (re[a] as number) - tr;
          im[b] = (im[a] as number) - ti;
          re[a] = (re[a] as number) + tr;
          im[a] = (im[a] as number) + ti;
        }
      }
    }
  }

  /** From the half-size transform of even and odd samples to the bins of the whole. */
  #unfold(half: number): void {
    const [re, im, cos, sin, power] = [this.#re, this.#im, this.#cos, this.#sin, this.power];
    for (let k = 0; k <= half; k++) {
      const a = k === half ? 0 : k;
      const b = k === 0 ? 0 : half - k;
      const er = ((re[a] as number) + (re[b] as number)) / 2;
      const ei = ((im[a] as number) - (im[b] as number)) / 2;
      const or = ((im[a] as number) + (im[b] as number)) / 2;
      const oi = ((re[b] as number) - (re[a] as number)) / 2;
      const wr = k === half ? -1 : (cos[k] as number);
      const wi = k === half ? 0 : (sin[k] as number);
      power[k] = (er + or * wr - oi * wi) ** 2 + (ei + or * wi + oi * wr) ** 2;
    }
  }
}

type Tables = { window: Float32Array; order: Uint16Array; cos: Float64Array; sin: Float64Array };
const tables = new Map<number, Tables>();

function tablesOf(size: number): Tables {
  const known = tables.get(size);
  if (known) return known;
  const half = size / 2;
  const bits = Math.log2(half);
  const angles = Array.from({ length: half }, (_, k) => (-2 * Math.PI * k) / size);
  const made = {
    // Scaled so that a sine's power is its own: the window halves it, and so does having two sides.
    window: Float32Array.from(
      { length: size },
      (_, i) => (Math.SQRT2 * (1 - Math.cos((2 * Math.PI * i) / size))) / size,
    ),
    order: Uint16Array.from({ length: half }, (_, i) => reverseBits(i, bits)),
    cos: Float64Array.from(angles, Math.cos),
    sin: Float64Array.from(angles, Math.sin),
  };
  tables.set(size, made);
  return made;
}

function reverseBits(value: number, bits: number): number {
  let reversed = 0;
  for (let bit = 0; bit < bits; bit++) reversed |= ((value >> bit) & 1) << (bits - 1 - bit);
  return reversed;
}
