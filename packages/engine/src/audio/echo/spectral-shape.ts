import { BAND_COUNT } from "./band-powers.ts";

const FLOOR = 1e-9;
/** How fast the long mean follows: about half a second of voice. */
const MEAN_RATE = 0.02;

/**
 * How a moment's spectrum differs from the voice's mean of late, as a vector of length 1: what a room, a handset and a
 * codec leave as it is.
 */
export class SpectralShape {
  readonly #mean = new Float32Array(BAND_COUNT);
  #steps = 0;

  measure(powers: Float32Array, shape: Float32Array): void {
    const rate = Math.max(MEAN_RATE, 1 / ++this.#steps);
    let square = 0;
    for (let band = 0; band < BAND_COUNT; band++) {
      const level = Math.log10((powers[band] as number) + FLOOR);
      const mean = this.#mean[band] as number;
      const difference = level - mean;
      this.#mean[band] = mean + rate * difference;
      shape[band] = difference;
      square += difference * difference;
    }
    const factor = square > 0 ? 1 / Math.sqrt(square) : 0;
    for (let band = 0; band < BAND_COUNT; band++) shape[band] = (shape[band] as number) * factor;
  }
}
