import { FRAME_SAMPLES } from "../codecs/audio-codec.ts";

/** Frames that wait to be sent. Full, it refuses. */
export class FrameQueue {
  readonly #samples: Int16Array;
  readonly #capacity: number;
  #first = 0;
  #count = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#samples = new Int16Array(capacity * FRAME_SAMPLES);
  }

  get count(): number {
    return this.#count;
  }

  /** Copies the frame; one that is short ends in silence. Returns false when full. */
  push(frame: Int16Array): boolean {
    if (this.#count === this.#capacity) return false;
    const at = ((this.#first + this.#count++) % this.#capacity) * FRAME_SAMPLES;
    this.#samples.fill(0, at + frame.length, at + FRAME_SAMPLES);
    this.#samples.set(frame.length > FRAME_SAMPLES ? frame.subarray(0, FRAME_SAMPLES) : frame, at);
    return true;
  }

  /** Copies the oldest frame to `into` from `at` on. Returns false when there is none. */
  shift(into: Int16Array, at: number): boolean {
    if (this.#count === 0) return false;
    const from = this.#first * FRAME_SAMPLES;
    for (let i = 0; i < FRAME_SAMPLES; i++) into[at + i] = this.#samples[from + i] as number;
    this.#first = (this.#first + 1) % this.#capacity;
    this.#count--;
    return true;
  }

  /** Returns how many frames are dropped. */
  clear(): number {
    const dropped = this.#count;
    this.#count = 0;
    return dropped;
  }
}
