import { FRAME_SAMPLES } from "./../frame.ts";

/** Half-band low-pass: the middle tap is 0.5, every second one 0; these are the others, from the middle out. */
const ONE = 0.3049;
const THREE = -0.0708;
const FIVE = 0.0205;
const SEVEN = -0.0046;
const REACH = 7;

/** Takes 20 ms at 16 kHz and leaves 20 ms at 8 kHz, as samples in ±1. For measuring, not for hearing. */
export class HalveRate {
  /** The newest 20 ms at 8 kHz. */
  readonly output = new Float32Array(FRAME_SAMPLES / 2);
  readonly #input = new Float32Array(FRAME_SAMPLES + 2 * REACH);

  push(frame: Int16Array): void {
    const input = this.#input;
    input.copyWithin(0, FRAME_SAMPLES);
    for (let i = 0; i < FRAME_SAMPLES; i++) input[2 * REACH + i] = (frame[i] as number) / 32_768;
    const output = this.output;
    for (let i = 0; i < FRAME_SAMPLES / 2; i++) {
      const at = 2 * i + REACH;
      output[i] =
        0.5 * (input[at] as number) +
        ONE * ((input[at - 1] as number) + (input[at + 1] as number)) +
        THREE * ((input[at - 3] as number) + (input[at + 3] as number)) +
        FIVE * ((input[at - 5] as number) + (input[at + 5] as number)) +
        SEVEN * ((input[at - 7] as number) + (input[at + 7] as number));
    }
  }
}
