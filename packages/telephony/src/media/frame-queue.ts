import { FRAME_SAMPLES } from "../codecs/audio-codec.ts";

const FIRST_CAPACITY = 8;

/** Frames that wait to be sent. Full, it refuses. It takes no more room than it needed at its longest. */
export class FrameQueue {
  readonly #limit: number;
  #capacity: number;
  #samples: Int16Array;
  #first = 0;
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#capacity = Math.min(limit, FIRST_CAPACITY);
    this.#samples = new Int16Array(this.#capacity * FRAME_SAMPLES);
  }

  get count(): number {
    return this.#count;
  }

  /** Copies the frame; one that is short ends in silence. Returns false when full. */
  push(frame: Int16Array): boolean {
    if (this.#count === this.#limit) return false;
    if (this.#count === this.#capacity) this.#grow();
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
    this.#count--;
    // An empty queue begins at its front again, which the processor has at hand.
    this.#first = this.#count === 0 ? 0 : (this.#first + 1) % this.#capacity;
    return true;
  }

  /** Returns how many frames are dropped. */
  clear(): number {
    const dropped = this.#count;
    this.#count = 0;
    this.#first = 0;
    return dropped;
  }

  #grow(): void {
    const capacity = Math.min(this.#limit, 2 * this.#capacity);
    const samples = new Int16Array(capacity * FRAME_SAMPLES);
    const at = this.#first * FRAME_SAMPLES;
    samples.set(this.#samples.subarray(at));
    samples.set(this.#samples.subarray(0, at), this.#samples.length - at);
    this.#samples = samples;
    this.#capacity = capacity;
    this.#first = 0;
  }
}
