/** Turns probabilities of speech into "began" and "ended", with enough inertia that a click or a stop is neither. */

import { toMs } from "../audio/frame.ts";
import { VOICE_ACTIVITY_WINDOW_SAMPLES } from "../models/voice-activity.ts";
import type { TranscriptionMode } from "./call-plan.ts";

export type SpeechEdge =
  | { readonly type: "started"; readonly firstSampleAtMs: number }
  | { readonly type: "ended"; readonly lastSampleAtMs: number };

const WINDOW_MS = toMs(VOICE_ACTIVITY_WINDOW_SAMPLES);
const SPEECH_ABOVE = 0.5;
/** One window is enough. */
const SURELY_SPEECH_ABOVE = 0.8;
/** The same over the agent, which lowers its voice for it: soft beginnings score low, and a dip for nothing costs little. */
const PERHAPS_SPEECH_ABOVE = 0.12;
const SILENCE_BELOW = 0.35;
/** Speech ends somewhere inside its last window: the middle is the best guess. */
const LAST_SAMPLE_BEFORE_MS = WINDOW_MS / 2;
const MIN_SPEECH_WINDOWS = 2;
/** Shorter pauses are inside words. */
const MIN_SILENCE_MS = 224;
/** The same where longer pieces are worth more than early ones: recognisers hear better what they hear whole. */
const ACCURATE_SILENCE_MS = 416;
/** 96 ms: most pauses of this length are the last. */
const PAUSE_WINDOWS = 3;

export class SpeechGate {
  readonly #minSilenceWindows: number;
  #isOpen = false;
  #speechWindows = 0;
  #silentWindows = 0;
  #firstSampleAtMs = 0;
  #lastSampleAtMs = 0;

  constructor(mode: TranscriptionMode = "fast") {
    this.#minSilenceWindows = (mode === "accurate" ? ACCURATE_SILENCE_MS : MIN_SILENCE_MS) / WINDOW_MS;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The last window made a pause of the silence; true once a pause. */
  get hasJustPaused(): boolean {
    return this.#isOpen && this.#silentWindows === PAUSE_WINDOWS;
  }

  /** Nothing was heard in the last window, of speech that may go on all the same. */
  get isFaltering(): boolean {
    return this.#isOpen && this.#silentWindows > 0;
  }

  /** `windowEndMs`: when the window's last sample was spoken. `isOverAgent`: the agent is talking. */
  push(probability: number, windowEndMs: number, { isOverAgent = false } = {}): SpeechEdge | undefined {
    if (this.#isOpen) return this.#whileOpen(probability, windowEndMs);
    const surelyAbove = isOverAgent ? PERHAPS_SPEECH_ABOVE : SURELY_SPEECH_ABOVE;
    return this.#whileClosed(probability, { windowEndMs, surelyAbove });
  }

  /** Ends speech that is under way, because no more audio will come. */
  close(): SpeechEdge | undefined {
    this.#speechWindows = 0;
    if (!this.#isOpen) return undefined;
    this.#isOpen = false;
    return { type: "ended", lastSampleAtMs: this.#lastSampleAtMs };
  }

  #whileClosed(
    probability: number,
    { windowEndMs, surelyAbove }: { windowEndMs: number; surelyAbove: number },
  ): SpeechEdge | undefined {
    if (probability < Math.min(SILENCE_BELOW, surelyAbove)) {
      this.#speechWindows = 0;
      return undefined;
    }
    if (this.#speechWindows === 0) this.#firstSampleAtMs = Math.max(0, windowEndMs - WINDOW_MS);
    this.#speechWindows++;
    this.#lastSampleAtMs = windowEndMs - LAST_SAMPLE_BEFORE_MS;
    const isSpeech = this.#speechWindows >= MIN_SPEECH_WINDOWS && probability >= SPEECH_ABOVE;
    if (!isSpeech && probability < surelyAbove) return undefined;
    this.#isOpen = true;
    this.#silentWindows = 0;
    return { type: "started", firstSampleAtMs: this.#firstSampleAtMs };
  }

  #whileOpen(probability: number, windowEndMs: number): SpeechEdge | undefined {
    if (probability >= SILENCE_BELOW) {
      this.#silentWindows = 0;
      this.#lastSampleAtMs = windowEndMs - LAST_SAMPLE_BEFORE_MS;
      return undefined;
    }
    this.#silentWindows++;
    return this.#silentWindows < this.#minSilenceWindows ? undefined : this.close();
  }
}
