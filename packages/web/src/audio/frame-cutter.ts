import { FRAME_SAMPLES } from "./audio-format.ts";

/** Cuts a stream of samples (-1 to 1) into frames of 20 ms as the wire wants them. */
export class FrameCutter {
  #frame = new Int16Array(FRAME_SAMPLES);
  #filled = 0;

  /** Calls back for each frame that this chunk completes; the callee owns it. Values beyond full scale are clipped. */
  push(samples: Float32Array, onFrame: (frame: Int16Array<ArrayBuffer>) => void): void {
    for (const sample of samples) {
      this.#frame[this.#filled++] = Math.round(Math.max(-1, Math.min(1, sample)) * 32_767);
      if (this.#filled < FRAME_SAMPLES) continue;
      onFrame(this.#frame);
      this.#frame = new Int16Array(FRAME_SAMPLES);
      this.#filled = 0;
    }
  }
}

/** Loudness of a frame for a meter: 0 (-54 dB or less) to 1 (full scale). */
export function toLevel(frame: Int16Array): number {
  const power = frame.reduce((sum, value) => sum + value * value, 0) / Math.max(frame.length, 1) / 32_768 ** 2;
  const levelDb = 10 * Math.log10(power + 1e-12);
  return Math.max(0, Math.min(1, (levelDb + 54) / 54));
}
