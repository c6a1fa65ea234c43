import { FRAME_SAMPLES, type Samples } from "@earshot/engine";

/** Cuts audio of any chunk size into frames of 20 ms; a rest waits for the next chunk. */
export class Reframer {
  #frame: Samples = new Int16Array(FRAME_SAMPLES);
  #filled = 0;

  push(samples: Samples): Samples[] {
    if (this.#filled === 0 && samples.length === FRAME_SAMPLES) return [samples];
    const frames: Samples[] = [];
    for (let offset = 0; offset < samples.length; ) {
      const count = Math.min(FRAME_SAMPLES - this.#filled, samples.length - offset);
      this.#frame.set(samples.subarray(offset, offset + count), this.#filled);
      this.#filled += count;
      offset += count;
      if (this.#filled < FRAME_SAMPLES) break;
      frames.push(this.#frame);
      this.#frame = new Int16Array(FRAME_SAMPLES);
      this.#filled = 0;
    }
    return frames;
  }
}
