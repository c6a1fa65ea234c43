import type { Samples } from "../audio/frame.ts";

/** Samples that one score covers: 32 ms at 16 kHz, what Silero was trained on. */
export const VOICE_ACTIVITY_WINDOW_SAMPLES = 512;

/** Tells speech from everything else. One instance a node; it may score the windows of many calls as one batch. */
export interface VoiceActivity {
  /** E.g. "embedded/silero-v6". */
  readonly name: string;
  /** Opens the state of one call. */
  open(): VoiceActivityStream;
}

export interface VoiceActivityStream {
  /**
   * Scores the next window of exactly 512 samples. Calls back in order, once per window, now or later, with the
   * probability of speech, 0 to 1; after a failure with 0. Never throws and never blocks. The window is read or copied
   * before it returns.
   */
  score(window: Samples, done: (probability: number) => void): void;
  /** Idempotent. Windows still under way are not called back. */
  close(): void;
}
