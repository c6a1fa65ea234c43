import type { Samples } from "../audio/frame.ts";

/** Turns text into speech. One instance a node. */
export interface TextToSpeech {
  /** E.g. "embedded/flite". */
  readonly name: string;
  /** How long it may leave the caller in silence before another voice, where there is one, takes over, ms. Default 1,500. */
  readonly audioLimitMs?: number;
  voices(): readonly Voice[];
  /**
   * Speaks one sentence or so, audio as soon as there is some. Throws ProviderError; stops early without an error
   * when `signal` aborts. Empty or unspeakable text gives no chunk.
   */
  speak(request: SpeakRequest, signal: AbortSignal): AsyncIterable<SpeechChunk>;
}

export type Voice = {
  /** Unique over the node: "<provider>:<voice>", e.g. "flite:slt". */
  readonly id: string;
  readonly name: string;
  /** BCP 47. */
  readonly language: string;
  readonly gender?: "female" | "male" | "neutral";
  readonly description?: string;
  /** Whether it takes directions such as "[laughs]" and `<break time="1s"/>` for what they are. Default false. */
  readonly audioTags?: boolean;
};

export type SpeakRequest = {
  readonly text: string;
  readonly voiceId: string;
  /** 1 is the voice's own pace; 0.5 to 2. Default 1. */
  readonly speed?: number;
};

export type SpeechChunk = {
  /** 16 kHz mono. */
  readonly samples: Samples;
  /** When each word of this request is spoken, counted from the first sample of the request; absent where unknown. */
  readonly words?: readonly WordTiming[];
};

export type WordTiming = { readonly text: string; readonly startMs: number; readonly endMs: number };
