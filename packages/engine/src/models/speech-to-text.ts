import type { Samples } from "../audio/frame.ts";
import type { ProviderError } from "./provider-error.ts";

/** Turns a caller's speech into words. One instance a node. */
export interface SpeechToText {
  /** E.g. "embedded/moonshine-base". */
  readonly name: string;
  open(options: SpeechToTextOptions): SpeechToTextStream;
}

export type SpeechToTextOptions = {
  /** BCP 47 tag of what the caller speaks. */
  readonly language: string;
  /** Words worth recognising, most important first; ignored where the model has no such setting. */
  readonly keyterms?: readonly string[];
  /** How often to report words before the utterance ends; 0 turns partials off. Default 500. */
  readonly partialEveryMs?: number;
  /** Called in order. For each ended utterance exactly one `final` or `failed` comes, in the order they ended. */
  readonly onEvent: (event: SpeechToTextEvent) => void;
};

export type SpeechToTextEvent =
  | { readonly type: "partial"; readonly utteranceId: number; readonly text: string }
  /** After `mayEnd`: all words of the utterance if it ends at that pause. May be left out. */
  | { readonly type: "probable"; readonly utteranceId: number; readonly text: string }
  /** From models that listen for it: how probable it is, 0 to 1, that the speaker's turn is over. May come at any time. */
  | { readonly type: "turn"; readonly utteranceId: number; readonly probability: number }
  /** `text` is "" when there were no words; `modelMs` is the time the model computed, where it is known. */
  | { readonly type: "final"; readonly utteranceId: number; readonly text: string; readonly modelMs?: number }
  | { readonly type: "failed"; readonly utteranceId: number; readonly error: ProviderError };

/**
 * The ears of one call. The session brackets speech into utterances: `begin(id)`, `push` … `push`, `end(id)`.
 * Ids grow by one. All calls return at once; audio is 16 kHz mono. An utterance may last ten minutes.
 */
export interface SpeechToTextStream {
  begin(utteranceId: number): void;
  push(samples: Samples): void;
  /** The caller has paused: if nothing more is said, `end` follows soon. A model may begin with the final words. */
  mayEnd?(utteranceId: number): void;
  /**
   * Wants the words so far, now: answered by exactly one `partial`, whose text may be "", unless the utterance ends
   * before. At most one is under way.
   */
  glance?(utteranceId: number): void;
  /** Asks for the final words of the open utterance. */
  end(utteranceId: number): void;
  /** Idempotent; nothing is reported afterwards. */
  close(): void;
}
