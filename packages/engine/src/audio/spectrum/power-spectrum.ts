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
    const re = this.#re;
    const im = this.#im;
    const order = this.#order;
    const window = this.#window;
    for (let i = 0; i < half; i++) {
      const even = order[i] as number;
      const odd = even + 1;
      re[i] = (ring[(start + even) & mask] as number) * (window[even] as number);
      im[i] = (ring[(start + odd) & mask] as number) * (window[odd] as number);
    }
    this.#begin(half);
    for (let width = 4; width < half; width *= 2) this.#widen(half, width);
    this.#unfold(half);
  }

  /** The first two rounds at once: all they multiply by is 1 and -i. */
  #begin(half: number): void {
    const re = this.#re;
    const im = this.#im;
    for (let a = 0; a < half; a += 4) {
      const b = a + 1;
      const c = a + 2;
      const d = a + 3;
      const sumRe = (re[a] as number) + (re[b] as number);
      const sumIm = (im[a] as number) + (im[b] as number);
      const gapRe = (re[a] as number) - (re[b] as number);
      const gapIm = (im[a] as number) - (im[b] as number);
      const lateRe = (re[c] as number) + (re[d] as number);
      const lateIm = (im[c] as number) + (im[d] as number);
      const turnRe = (im[c] as number) - (im[d] as number);
      const turnIm = (re[d] as number) - (re[c] as number);
      re[a] = sumRe + lateRe;
      im[a] = sumIm + lateIm;
      re[b] = gapRe + turnRe;
      im[b] = gapIm + turnIm;
      re[c] = sumRe - lateRe;
      im[c] = sumIm - lateIm;
      re[d] = gapRe - turnRe;
      im[d] = gapIm - turnIm;
    }
  }

  #widen(half: number, width: number): void {
    const re = this.#re;
    const im = this.#im;
    const cos = this.#cos;
    const sin = this.#sin;
    const step = half / width;
    for (let first = 0; first < half; first += 2 * width) {
      let turn = 0;
      for (let a = first; a < first + width; a++) {
        const b = a + width;
        const wr = cos[turn] as number;
        const wi = sin[turn] as number;
        turn += step;
        const br = re[b] as number;
        const bi = im[b] as number;
        const tr = br * wr - bi * wi;
        const ti = br * wi + bi * wr;
        const ar = re[a] as number;
        const ai = im[a] as number;
        re[b] = ar - tr;
        im[b] = ai - ti;
        re[a] = ar + tr;
        im[a] = ai + ti;
      }
    }
  }

  /** From the half-size transform of even and odd samples to the bins of the whole. */
  #unfold(half: number): void {
    const re = this.#re;
    const im = this.#im;
    const cos = this.#cos;
    const sin = this.#sin;
    const power = this.power;
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
    order: Uint16Array.from({ length: half }, (_, i) => 2 * reverseBits(i, bits)),
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
