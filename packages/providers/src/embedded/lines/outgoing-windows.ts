import type { Samples } from "@earshot/engine";

/** Arrays beyond this many windows, and more than a few of them, are left to the garbage collector. */
const LARGEST_SPARE_WINDOWS = 512;
const MAX_SPARES = 8;
const FIRST_CAPACITY = 32;

/** Windows on their way to the worker, laid out as they will travel: no array a window, and arrays come back to be used again. */
export class OutgoingWindows {
  readonly #windowSamples: number;
  readonly #spares: Samples[] = [];
  #samples: Samples;
  readonly #streamIds: number[] = [];

  constructor(windowSamples: number) {
    this.#windowSamples = windowSamples;
    this.#samples = new Int16Array(FIRST_CAPACITY * windowSamples);
  }

  get count(): number {
    return this.#streamIds.length;
  }

  /** Copies the window. */
  add(streamId: number, window: Samples): void {
    const start = this.#streamIds.length * this.#windowSamples;
    if (start === this.#samples.length) {
      const larger = new Int16Array(2 * start);
      larger.set(this.#samples);
      this.#samples = larger;
    }
    this.#samples.set(window, start);
    this.#streamIds.push(streamId);
  }

  /** Hands over all windows; the array may be longer than they are. */
  take(): { streamIds: Uint32Array<ArrayBuffer>; samples: Samples } {
    const streamIds = Uint32Array.from(this.#streamIds);
    const samples = this.#samples;
    this.#samples = this.#spares.pop() ?? new Int16Array(samples.length);
    this.#streamIds.length = 0;
    return { streamIds, samples };
  }

  clear(): void {
    this.#streamIds.length = 0;
  }

  /** An array that has served its purpose. */
  reuse(samples: Samples): void {
    if (this.#spares.length >= MAX_SPARES || samples.length === 0) return;
    if (samples.length <= LARGEST_SPARE_WINDOWS * this.#windowSamples) this.#spares.push(samples);
  }
}
