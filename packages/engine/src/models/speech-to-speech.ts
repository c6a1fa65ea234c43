import type { Samples } from "../audio/frame.ts";
import type { Message, ToolCall } from "../conversation/message.ts";
import type { ToolDefinition } from "./language-model.ts";
import type { ProviderError } from "./provider-error.ts";
import type { Voice } from "./text-to-speech.ts";

/** One model that hears, thinks and speaks, and decides by itself when a turn is over. One instance a node. */
export interface SpeechToSpeech {
  /** E.g. "openai/gpt-realtime". */
  readonly name: string;
  voices(): readonly Voice[];
  /** Connects in the background: what is pushed and asked for meanwhile is kept, in order. */
  open(options: SpeechToSpeechOptions): SpeechToSpeechStream;
}

export type SpeechToSpeechOptions = {
  readonly brief: SpeechToSpeechBrief;
  /** BCP 47 tag of what the caller speaks, or "multi". */
  readonly language: string;
  /** Words worth recognising, most important first; ignored where the model has no such setting. */
  readonly keyterms?: readonly string[];
  /** When a turn counts as over, where the model has such settings. Default: the model's own. */
  readonly turnDetection?: TurnDetection;
  /** What was said before, if the call did not begin with this model. */
  readonly history?: readonly Message[];
  /** Called in order; nothing is reported after `failed` or `close`. */
  readonly onEvent: (event: SpeechToSpeechEvent) => void;
};

/** What the agent is: replaced as a whole when the scene changes. */
export type SpeechToSpeechBrief = {
  readonly system: string;
  readonly tools: readonly ToolDefinition[];
  readonly voiceId: string;
  /** 0.5 to 2; ignored where the model has no such setting. Default 1. */
  readonly speed?: number;
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
};

export type TurnDetection = {
  /** How loud or sure speech must be, 0 to 1. */
  readonly threshold?: number;
  /** Silence that ends a turn. */
  readonly silenceMs?: number;
  /** Sound from before the detection that belongs to the turn. */
  readonly prefixPaddingMs?: number;
  /** Silence of both after which the model speaks up by itself. Default: never. */
  readonly idleTimeoutMs?: number;
};

/**
 * Utterances are numbered from 1, in order; replies have the model's own ids. Every `reply-started` is followed by exactly
 * one of `reply-ended`, `reply-failed`, or by `failed`; so is every `ask`, which is answered by one `reply-started` or `reply-failed`.
 */
export type SpeechToSpeechEvent =
  /** `sampleCount`: samples pushed before the first of the speech. */
  | { readonly type: "speech-started"; readonly utteranceId: number; readonly sampleCount: number }
  /** The caller's turn is over as far as the model can tell; it goes on to answer, or not. */
  | { readonly type: "speech-ended"; readonly utteranceId: number; readonly sampleCount: number }
  /** Words of an utterance that has ended, "" for none: once for each, often after the answer has begun. */
  | { readonly type: "words"; readonly utteranceId: number; readonly text: string }
  /** `askId` where it was asked for; absent where the model answers on its own. */
  | { readonly type: "reply-started"; readonly replyId: string; readonly askId?: number }
  /** Further words of what it says, ahead of the audio or behind it. */
  | { readonly type: "reply-text"; readonly replyId: string; readonly text: string }
  /** 16 kHz mono. */
  | { readonly type: "reply-audio"; readonly replyId: string; readonly samples: Samples }
  | { readonly type: "reply-tool-call"; readonly replyId: string; readonly call: ToolCall }
  /** All of it has been given, or it was cancelled. */
  | { readonly type: "reply-ended"; readonly replyId: string }
  /** `replyId` is absent where an `ask` came to nothing before a reply began. */
  | { readonly type: "reply-failed"; readonly replyId?: string; readonly askId?: number; readonly error: ProviderError }
  /** The model is out of reach for good: nothing follows. */
  | { readonly type: "failed"; readonly error: ProviderError };

/** The model in one call. All calls return at once. */
export interface SpeechToSpeechStream {
  /** 20 ms of the caller, 16 kHz mono, in order, silence too. */
  push(frame: Samples): void;
  /** Wants a reply now, to what the model knows by then. `say`: these very words and nothing else, without tools. */
  ask(request: { readonly askId: number; readonly say?: string }): void;
  /** Adds what the model can't hear: tools' results, notes, digits, or words that another voice said. Asks for no reply. */
  tell(messages: readonly Message[]): void;
  /** Stops a reply; `heardMs` of its audio have been heard, and the model forgets the rest. Harmless when it is over. */
  cancel(replyId: string, heardMs: number): void;
  /** Another scene, from the next reply on. */
  rebrief(brief: SpeechToSpeechBrief): void;
  /** Idempotent; nothing is reported afterwards. */
  close(): void;
}
