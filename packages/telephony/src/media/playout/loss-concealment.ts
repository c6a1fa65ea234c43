import { findLag } from "./pitch-lag.ts";

/** 60 ms at 16 kHz. */
const HISTORY = 960;
const PITCH = { template: 320, least: 80, most: 240 };
/** Full strength for 10 ms, then a fifth less every 10 ms. */
const TEN_MS = 160;
const FADED = 6 * TEN_MS;

/**
 * Makes up for lost audio at 16 kHz in the manner of ITU-T G.711 Appendix I: the last period of the voice is repeated,
 * fading to silence in 60 ms, and laid over the first samples that come after it.
 */
export class LossConcealment {
  readonly #history = new Int16Array(HISTORY);
  readonly #cycle = new Float32Array(PITCH.most);
  #period = 0;
  #at = 0;
  #made = 0;

  /** Nothing of what was heard is left in what would be made up. */
  get isFaded(): boolean {
    return this.#made >= FADED;
  }

  /** Takes note of real audio, and blends its beginning in place with what was made up before it. */
  accept(samples: Int16Array, count: number): void {
    if (this.#made > 0) this.#blend(samples, count);
    this.#made = 0;
    if (count >= HISTORY) {
      for (let i = 0; i < HISTORY; i++) this.#history[i] = samples[count - HISTORY + i] as number;
      return;
    }
    this.#history.copyWithin(0, count);
    for (let i = 0; i < count; i++) this.#history[HISTORY - count + i] = samples[i] as number;
  }

  /** Writes `count` made-up samples to `into` from `at` on. */
  conceal(into: Int16Array, at: number, count: number): void {
    if (this.#made === 0) this.#listen();
    for (let i = 0; i < count; i++) into[at + i] = this.#next();
  }

  /** Nothing was lost: what comes next follows a silence that was meant. */
  rest(): void {
    this.#made = 0;
    this.#history.fill(0);
  }

  #listen(): void {
    const history = this.#history;
    const { lag } = findLag(history, HISTORY, PITCH);
    this.#period = lag;
    this.#at = 0;
    const start = HISTORY - lag;
    // The cycle's last quarter runs into what came before its first sample, so that it repeats without a click.
    const seam = lag >> 2;
    for (let i = 0; i < lag; i++) {
      const own = history[start + i] as number;
      const into = (i - (lag - seam) + 1) / (seam + 1);
      this.#cycle[i] = into <= 0 ? own : own * (1 - into) + (history[start - lag + i] as number) * into;
    }
  }

  #next(): number {
    const left = FADED - Math.max(TEN_MS, this.#made++);
    if (left <= 0) return 0;
    const sample = (this.#cycle[this.#at] as number) * (left / (FADED - TEN_MS));
    this.#at = (this.#at + 1) % this.#period;
    return sample;
  }

  #blend(samples: Int16Array, count: number): void {
    const tens = Math.ceil(this.#made / TEN_MS);
    const length = Math.min(count, TEN_MS, 64 + 64 * (tens - 1));
    for (let i = 0; i < length; i++) {
      const share = (i + 1) / (length + 1);
      samples[i] = (samples[i] as number) * share + this.#next() * (1 - share);
    }
  }
}
