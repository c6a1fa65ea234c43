/** Facts of a call. The journal is made of them, in order; what is not among them did not happen. */

import type { Prosody } from "./end-of-turn/strategy.ts";
import type { EndReason } from "./end-reason.ts";
import type { ToneKind } from "./far-end/far-end.ts";
import type { Rules } from "./rules.ts";
import type { ToolConduct } from "./tool-conduct.ts";
import type { ToolOrder } from "./tool-order.ts";
import type { TransferOrder, TransferOutcome } from "./transfer-order.ts";
import type { Values } from "./values.ts";

export type ConversationEvent = {
  /** Milliseconds since the call began. */
  readonly atMs: number;
} & Fact;

export type Fact =
  | { readonly type: "call-started"; readonly rules: Rules }
  /** Detected some time after the first sample: `firstSampleAtMs` says when the sound began. */
  | { readonly type: "caller-speech-started"; readonly utteranceId: number; readonly firstSampleAtMs: number }
  | {
      readonly type: "caller-speech-ended";
      readonly utteranceId: number;
      readonly lastSampleAtMs: number;
      readonly prosody?: Prosody;
    }
  | { readonly type: "transcript-partial"; readonly utteranceId: number; readonly text: string }
  /** All words of the utterance under way, if the caller has finished: they pause. */
  | { readonly type: "transcript-probable"; readonly utteranceId: number; readonly text: string }
  /** The recogniser's own opinion of whether the caller's turn is over, 0 to 1. */
  | { readonly type: "turn-predicted"; readonly utteranceId: number; readonly probability: number }
  /** Words of one whole utterance; "" when the sound held none. */
  | {
      readonly type: "transcript-final";
      readonly utteranceId: number;
      readonly text: string;
      readonly modelMs?: number;
    }
  | {
      readonly type: "transcript-failed";
      readonly utteranceId: number;
      readonly provider: string;
      readonly kind: string;
      readonly message: string;
    }
  | { readonly type: "digit-pressed"; readonly digit: string }
  /** A tone of the telephone; listened for only while the far end may be a machine. */
  | { readonly type: "tone-heard"; readonly kind: ToneKind; readonly frequencyHz: number }
  | { readonly type: "timer-fired"; readonly timer: TimerName; readonly timerId: number }
  /** The model's first words arrived. */
  | { readonly type: "reply-text-started"; readonly replyId: string }
  /** A sentence was generated; it may never be heard. */
  | {
      readonly type: "reply-sentence";
      readonly replyId: string;
      readonly text: string;
      /** "One moment": the model has not given it. */
      readonly isFiller?: true;
    }
  /** The first synthesised audio arrived. */
  | { readonly type: "reply-audio-ready"; readonly replyId: string }
  /** The first sample was handed to the leg. */
  | { readonly type: "reply-audio-started"; readonly replyId: string }
  /** Nothing of it has been heard since, and more is to come. */
  | { readonly type: "reply-went-quiet"; readonly replyId: string; readonly sinceMs: number }
  | { readonly type: "reply-went-on"; readonly replyId: string }
  /** These further words have been played out to the caller. */
  | { readonly type: "reply-heard"; readonly replyId: string; readonly text: string }
  | { readonly type: "reply-ended"; readonly replyId: string }
  /** A realtime model has begun to answer by itself; nobody hears it yet. */
  | { readonly type: "reply-offered"; readonly offerId: string }
  /** The realtime model is out of reach for good; recogniser, language model and voice take over. */
  | { readonly type: "realtime-failed"; readonly provider: string; readonly kind: string; readonly message: string }
  | { readonly type: "reply-cancelled"; readonly replyId: string }
  | {
      readonly type: "reply-failed";
      readonly replyId: string;
      readonly provider: string;
      readonly stage: string;
      readonly kind: string;
      readonly message: string;
      readonly isRetryable: boolean;
    }
  /** A voice failed; another one, or the same once more, says what it had not said. */
  | {
      readonly type: "voice-failed";
      readonly replyId: string;
      readonly provider: string;
      readonly kind: string;
      readonly message: string;
      readonly takenOverBy: string;
    }
  | {
      readonly type: "tool-requested";
      readonly replyId: string;
      readonly toolCallId: string;
      readonly name: string;
      /** JSON text as the model wrote it. */
      readonly arguments: string;
      readonly conduct?: ToolConduct;
    }
  | {
      readonly type: "tool-finished";
      readonly toolCallId: string;
      readonly outcome: "succeeded" | "failed";
      readonly result: string;
      /** There is nothing to say about it. */
      readonly isQuiet?: true;
    }
  /** A tool leaves the rest to the rules, which settle it. */
  | { readonly type: "tool-ordered"; readonly toolCallId: string; readonly order: ToolOrder }
  /** A request of a tool was sent again, because it surely had not been worked on. */
  | { readonly type: "tool-retried"; readonly toolCallId: string; readonly attempt: number; readonly reason: string }
  /** Tools of a server can't be used; a call that can't go without them says why and ends. */
  | {
      readonly type: "tool-server-failed";
      readonly server: string;
      readonly isRequired: boolean;
      readonly message: string;
      /** The last words of a call that ends for it. */
      readonly say: string;
    }
  /** Somebody outside the call wants it handed on. */
  | { readonly type: "transfer-requested"; readonly order: TransferOrder }
  | { readonly type: "transfer-progressed"; readonly transferId: string; readonly stage: string }
  | {
      readonly type: "transfer-finished";
      readonly transferId: string;
      readonly outcome: TransferOutcome;
      readonly message?: string;
    }
  /** Things learnt from the caller, or from a tool; each replaces what was known under its name. */
  | { readonly type: "values-learnt"; readonly values: Values }
  /** What was said up to `upToMs`, in short; it holds what the summary before it held. */
  | { readonly type: "history-summarised"; readonly upToMs: number; readonly text: string }
  /** The agent is another from its next reply on: other prompt, tools, voice or model. */
  | { readonly type: "scene-entered"; readonly sceneId: string }
  /** Somebody other than the two parties wants the call over. */
  | { readonly type: "end-requested"; readonly reason: EndReason }
  /** Somebody outside the call wants this said now. With `endAfter` the call ends once it has been heard. */
  | { readonly type: "say-requested"; readonly text: string; readonly endAfter: boolean }
  /** A note for the language model, from now on. With `shouldReply` the agent takes a turn when the floor is free. */
  | { readonly type: "context-injected"; readonly content: string; readonly shouldReply: boolean }
  /** The agent goes on listening, and says nothing but what it is told to say. */
  | { readonly type: "agent-muted" }
  /** The agent answers what the caller said meanwhile. */
  | { readonly type: "agent-unmuted" }
  | { readonly type: "leg-lost" }
  | { readonly type: "leg-resumed" }
  | { readonly type: "leg-closed"; readonly reason: EndReason }
  /** The recording can't be written at present; the call goes on. */
  | { readonly type: "recording-failed"; readonly message: string }
  /** What could not be written has been written after all. */
  | { readonly type: "recording-recovered" }
  /** Somebody outside the call wants nothing kept of what is said from now on. */
  | { readonly type: "recording-paused" }
  | { readonly type: "recording-resumed" }
  /** Always the last fact. */
  | { readonly type: "call-ended"; readonly reason: EndReason };

export const TIMER_NAMES = [
  /** The far end may speak first. */
  "greeting",
  "end-of-turn",
  /** The caller talks over the agent: is it an interruption by now? */
  "barge-in",
  /** The caller made a sound over the agent and no words have come. */
  "false-interruption",
  /** Somebody waits and hears nothing. */
  "fill-pause",
  "silence",
  "max-duration-warning",
  "max-duration",
  "closing",
  /** An answering machine is silent, and no beep has come. */
  "voicemail",
  /** An answering machine talks and talks. */
  "voicemail-limit",
  /** The caller waits for a tool, and nothing was said. */
  "tool-filler",
  /** The caller was asked whether the call may be recorded. */
  "consent",
] as const;

export type TimerName = (typeof TIMER_NAMES)[number];
