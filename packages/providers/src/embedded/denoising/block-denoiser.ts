import { FRAME_SAMPLES, type Samples } from "@earshot/engine";

/** A noise filter of one call that works on blocks of a length of its own, at 16 kHz or not. */
export interface BlockFilter {
  /** Takes samples at 16 kHz; returns what is ready, which over time is as much as came in. */
  push(samples: Samples): Samples;
  /** Frees what the filter holds outside JavaScript. */
  free(): void;
}

/**
 * Gives back frames of 20 ms for frames of 20 ms from a filter that is late by up to `headSamples`: the first of them
 * begin with that much silence.
 */
export class FrameDenoiser {
  readonly #filter: BlockFilter;
  #ready: Samples;

  constructor(filter: BlockFilter, headSamples: number) {
    this.#filter = filter;
    this.#ready = new Int16Array(headSamples);
  }

  push(frame: Samples): Samples {
    const added = this.#filter.push(frame);
    const all = new Int16Array(Math.max(FRAME_SAMPLES, this.#ready.length + added.length));
    all.set(this.#ready);
    all.set(added, this.#ready.length);
    this.#ready = all.slice(FRAME_SAMPLES);
    return all.subarray(0, FRAME_SAMPLES);
  }

  free(): void {
    this.#filter.free();
  }
}
