import { ENGINE_RATE_HZ } from "@earshot/engine";
import { toSample } from "./samples.ts";

/** Butterworth, second order (R. Bristow-Johnson's cookbook), sample by sample. */
export class HighPass {
  readonly #b: number;
  readonly #a1: number;
  readonly #a2: number;
  #x1 = 0;
  #x2 = 0;
  #y1 = 0;
  #y2 = 0;

  constructor(cutOffHz: number) {
    const angle = (2 * Math.PI * cutOffHz) / ENGINE_RATE_HZ;
    const alpha = Math.sin(angle) / Math.SQRT2;
    const cosine = Math.cos(angle);
    this.#b = (1 + cosine) / 2 / (1 + alpha);
    this.#a1 = (-2 * cosine) / (1 + alpha);
    this.#a2 = (1 - alpha) / (1 + alpha);
  }

  next(x: number): number {
    const y = this.#b * (x - 2 * this.#x1 + this.#x2) - this.#a1 * this.#y1 - this.#a2 * this.#y2;
    [this.#x2, this.#x1, this.#y2, this.#y1] = [this.#x1, x, this.#y1, y];
    return toSample(y);
  }
}
