import type { Samples } from "../audio/frame.ts";

/**
 * Takes noise out of speech for people's ears (recordings, hand-over). Never feed recognisers or voice activity from
 * it: it costs them accuracy.
 */
export interface Denoiser {
  readonly name: string;
  open(): DenoiserStream;
}

export interface DenoiserStream {
  /** 20 ms frames of 16 kHz in; calls back in order with frames of the same length, delayed by `delayMs`. */
  push(frame: Samples, done: (cleaned: Samples) => void): void;
  readonly delayMs: number;
  close(): void;
}
