/** What a realtime model hears, as facts of the call: its counts of samples become times. */

import { type Samples, toMs } from "../audio/frame.ts";
import type { Fact } from "../conversation/event.ts";
import type { SpeechToSpeechEvent } from "../models/speech-to-speech.ts";
import type { Clock } from "./clock.ts";

/** Words that take longer are given up: the model has answered what it heard all the same. */
const WORDS_LIMIT_MS = 8_000;

type Heard = Extract<SpeechToSpeechEvent, { readonly type: "speech-started" | "speech-ended" | "words" }>;

export class RealtimeUtterances {
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #post: (fact: Fact) => void;
  readonly #awaited = new Map<number, () => void>();
  #pushed = 0;
  /** Under way. */
  #utteranceId: number | undefined;
  #newest = 0;

  constructor(options: { clock: Clock; startMs: number; post: (fact: Fact) => void }) {
    this.#clock = options.clock;
    this.#startMs = options.startMs;
    this.#post = options.post;
  }

  get awaitedCount(): number {
    return this.#awaited.size;
  }

  push(frame: Samples): void {
    this.#pushed += frame.length;
  }

  take(event: Heard): void {
    switch (event.type) {
      case "speech-started":
        return this.#begin(event.utteranceId, event.sampleCount);
      case "speech-ended":
        return this.#end(event.utteranceId, event.sampleCount);
      case "words":
        return this.#settle(event.utteranceId, event.text);
    }
  }

  /** Nothing more comes of what is being said. */
  interrupt(): void {
    if (this.#utteranceId !== undefined) this.#end(this.#utteranceId, this.#pushed);
  }

  close(): void {
    for (const settle of this.#awaited.values()) settle();
    this.#awaited.clear();
  }

  #begin(utteranceId: number, sampleCount: number): void {
    if (utteranceId <= this.#newest) return;
    this.interrupt();
    this.#newest = utteranceId;
    this.#utteranceId = utteranceId;
    this.#post({ type: "caller-speech-started", utteranceId, firstSampleAtMs: this.#timeOf(sampleCount) });
  }

  #end(utteranceId: number, sampleCount: number): void {
    if (this.#utteranceId !== utteranceId) return;
    this.#utteranceId = undefined;
    const workDone = this.#clock.working();
    const cancel = this.#clock.after(WORDS_LIMIT_MS, () => this.#settle(utteranceId, ""));
    this.#awaited.set(utteranceId, () => {
      cancel();
      workDone();
    });
    this.#post({ type: "caller-speech-ended", utteranceId, lastSampleAtMs: this.#timeOf(sampleCount) });
  }

  #settle(utteranceId: number, text: string): void {
    const settle = this.#awaited.get(utteranceId);
    if (!settle) return;
    this.#awaited.delete(utteranceId);
    this.#post({ type: "transcript-final", utteranceId, text });
    settle();
  }

  /** When a sample was spoken, by how many have come since. */
  #timeOf(sampleCount: number): number {
    const nowMs = this.#clock.nowMs() - this.#startMs;
    return Math.max(0, Math.round(nowMs - toMs(Math.max(0, this.#pushed - sampleCount))));
  }
}
