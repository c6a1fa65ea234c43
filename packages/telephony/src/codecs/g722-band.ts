import { type BandTables, LOGARITHM, saturate } from "./g722-tables.ts";

const ZEROS = 6;

/** The predictor and quantiser scale of one band (blocks 3 and 4 of the Recommendation), the same at both ends. */
export class G722Band {
  readonly #tables: BandTables;
  /** What the next sample is expected to be. */
  estimate = 0;
  /** The quantiser's present step. */
  scale: number;
  #zeroEstimate = 0;
  #logScale = 0;
  /** The reconstructed signal and its partial sums, the latest first. */
  #signal1 = 0;
  #sum1 = 0;
  #sum2 = 0;
  #pole1 = 0;
  #pole2 = 0;
  readonly #zeros = new Int32Array(ZEROS);
  readonly #differences = new Int32Array(ZEROS);

  constructor(tables: BandTables) {
    this.#tables = tables;
    this.scale = tables.firstScale;
  }

  /** Takes the difference that both ends know, and the code whose bits say how far the step was off. */
  adapt(difference: number, code: number): void {
    this.#adaptScale(code);
    const signal = saturate(this.estimate + difference);
    const sum = saturate(this.#zeroEstimate + difference);
    this.#adaptPoles(sum);
    this.#adaptZeros(difference);
    const poleEstimate = saturate(
      ((this.#pole1 * saturate(2 * signal)) >> 15) + ((this.#pole2 * saturate(2 * this.#signal1)) >> 15),
    );
    this.#signal1 = signal;
    this.#zeroEstimate = this.#predictFromZeros();
    this.estimate = saturate(poleEstimate + this.#zeroEstimate);
  }

  #adaptScale(code: number): void {
    const { weights, most, shift } = this.#tables;
    const logScale = ((this.#logScale * 127) >> 7) + (weights[code] as number);
    this.#logScale = Math.max(0, Math.min(most, logScale));
    const exponent = shift - (this.#logScale >> 11);
    const mantissa = LOGARITHM[(this.#logScale >> 6) & 31] as number;
    this.scale = (exponent < 0 ? mantissa << -exponent : mantissa >> exponent) << 2;
  }

  #adaptPoles(sum: number): void {
    const sign = sum >> 15;
    const isSameAsLast = sign === this.#sum1 >> 15;
    const step = saturate(this.#pole1 * 4);
    const first = Math.min(32_767, isSameAsLast ? -step : step) >> 7;
    const second = sign === this.#sum2 >> 15 ? 128 : -128;
    const pole2 = first + second + ((this.#pole2 * 32_512) >> 15);
    this.#pole2 = Math.max(-12_288, Math.min(12_288, pole2));
    const pole1 = saturate((isSameAsLast ? 192 : -192) + ((this.#pole1 * 32_640) >> 15));
    const most = saturate(15_360 - this.#pole2);
    this.#pole1 = Math.max(-most, Math.min(most, pole1));
    this.#sum2 = this.#sum1;
    this.#sum1 = sum;
  }

  #adaptZeros(difference: number): void {
    const step = difference === 0 ? 0 : 128;
    const sign = difference >> 15;
    for (let i = 0; i < ZEROS; i++) {
      const towards = (this.#differences[i] as number) >> 15 === sign ? step : -step;
      this.#zeros[i] = saturate(towards + (((this.#zeros[i] as number) * 32_640) >> 15));
    }
    for (let i = ZEROS - 1; i > 0; i--) this.#differences[i] = this.#differences[i - 1] as number;
    this.#differences[0] = difference;
  }

  #predictFromZeros(): number {
    let sum = 0;
    for (let i = 0; i < ZEROS; i++)
      sum += ((this.#zeros[i] as number) * saturate(2 * (this.#differences[i] as number))) >> 15;
    return saturate(sum);
  }
}
