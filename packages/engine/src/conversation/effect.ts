/** Orders that the rules give; the session carries them out and reports back with facts. */

import type { EndReason } from "./end-reason.ts";
import type { TimerName } from "./event.ts";
import type { WantedValue } from "./flow/flow-rules.ts";
import type { TransferOrder } from "./transfer-order.ts";

export type Effect =
  | {
      readonly type: "start-reply";
      readonly replyId: string;
      readonly purpose: ReplyPurpose;
      /** Spoken as it is; absent: the language model is asked. */
      readonly say?: string;
      /** It was begun as a draft under this id: what it has is played now. */
      readonly isDrafted?: true;
      /** The realtime model has begun it by itself under this id. */
      readonly offerId?: string;
      /** The second try: another model answers, where there is one. */
      readonly attempt?: number;
    }
  /** Begins an answer that nobody hears yet, as if the caller's turn ended with these words. */
  | { readonly type: "draft-reply"; readonly replyId: string; readonly words: string }
  | { readonly type: "drop-draft"; readonly replyId: string }
  /** Lowers the agent's voice; a reply that is not audible yet stays so. */
  | { readonly type: "duck-reply"; readonly replyId: string }
  | { readonly type: "unduck-reply"; readonly replyId: string }
  /** Says this in front of what is not there yet. */
  | { readonly type: "fill-pause"; readonly replyId: string; readonly text: string }
  /** A short sound without words, in a reply or in none: somebody is there. */
  | { readonly type: "play-sound" }
  /** Says "uh-huh", softly, while the caller has the floor. */
  | { readonly type: "say-backchannel"; readonly text: string }
  /** Nobody hears this reply of a realtime model, and the model is told so. */
  | { readonly type: "decline-offer"; readonly offerId: string }
  /** Answered by `reply-cancelled`, whatever the reply was doing. */
  | { readonly type: "cancel-reply"; readonly replyId: string }
  | { readonly type: "run-tool"; readonly toolCallId: string; readonly name: string; readonly arguments: string }
  /** Answered by `tool-finished`. */
  | { readonly type: "send-digits"; readonly toolCallId: string; readonly digits: string }
  /** Answered by `transfer-finished`, unless the call ends before. */
  | { readonly type: "transfer-call"; readonly transferId: string; readonly order: TransferOrder }
  /** Finds values in what was said: `values-learnt`, then `tool-finished` with the values as JSON, answer it. */
  | { readonly type: "extract-values"; readonly toolCallId: string; readonly variables: readonly WantedValue[] }
  /** The flow is at this node now: nothing to do but to note it, and why. */
  | { readonly type: "enter-node"; readonly nodeId: string; readonly because: string }
  /** Who the far end is taken for from now on: nothing to do but to note it, and why. */
  | {
      readonly type: "note-far-end";
      readonly who: "person" | "machine" | "screener";
      readonly because: string;
      /** How sure that is, 0 to 1. */
      readonly confidence: number;
    }
  | {
      readonly type: "set-timer";
      readonly timer: TimerName;
      readonly timerId: number;
      readonly delayMs: number;
      /** What the delay waits for, for people who read journals. */
      readonly why?: string;
    }
  | { readonly type: "clear-timer"; readonly timer: TimerName; readonly timerId: number }
  /** From now on the recording goes on, or is silent. It begins with the call where nobody need be asked. */
  | {
      readonly type: "record";
      readonly isOn: boolean;
      readonly because: "agreed" | "told" | "declined" | "paused" | "resumed";
    }
  | { readonly type: "close-leg"; readonly reason: EndReason };

export type ReplyPurpose =
  | "greeting"
  | "answer"
  /** What was cut off by a sound that turned out to be no words. */
  | "resume"
  | "reminder"
  /** What the flow has said on the way, or who calls and why, word for word. */
  | "line"
  | "apology"
  /** That the longest time is nearly over. */
  | "warning"
  | "goodbye"
  /** While a tool is waited for. */
  | "filler"
  /** That the call is recorded, or whether it may be. */
  | "consent"
  /** What somebody outside the call asked to have said. */
  | "announcement";
