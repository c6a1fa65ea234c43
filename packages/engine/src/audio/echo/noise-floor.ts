import { BAND_COUNT } from "./band-powers.ts";

/** Falls at once, rises by 3 dB a second of 10 ms steps. */
const RISE = 10 ** (0.03 / 10);
const START = 1e-6;
const LEAST = 1e-10;
/** The least of noise is below its mean. */
const MEAN_OVER_LEAST = 3;
const SMOOTHING = 0.3;

/** The caller's noise in each band: the least that was heard of late. */
export class NoiseFloor {
  /** Mean power of the noise, as far as it is known. */
  readonly powers = new Float32Array(BAND_COUNT).fill(START);
  readonly #smooth = new Float32Array(BAND_COUNT).fill(START);
  readonly #least = new Float32Array(BAND_COUNT).fill(START);
  #total = START * BAND_COUNT;

  get total(): number {
    return this.#total;
  }

  push(powers: Float32Array): void {
    this.#total = 0;
    for (let band = 0; band < BAND_COUNT; band++) {
      const smooth =
        (this.#smooth[band] as number) + SMOOTHING * ((powers[band] as number) - (this.#smooth[band] as number));
      const least = Math.max(LEAST, Math.min(smooth, (this.#least[band] as number) * RISE));
      this.#smooth[band] = smooth;
      this.#least[band] = least;
      this.powers[band] = least * MEAN_OVER_LEAST;
      this.#total += least * MEAN_OVER_LEAST;
    }
  }
}
