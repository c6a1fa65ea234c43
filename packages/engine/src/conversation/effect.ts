/** Orders that the rules give; the session carries them out and reports back with facts. */

import type { EndReason } from "./end-reason.ts";
import type { TimerName } from "./event.ts";
import type { WantedValue } from "./flow/flow-rules.ts";

export type Effect =
  | {
      readonly type: "start-reply";
      readonly replyId: string;
      readonly purpose: ReplyPurpose;
      /** Spoken as it is; absent: the language model is asked. */
      readonly say?: string;
    }
  /** Answered by `reply-cancelled`, whatever the reply was doing. */
  | { readonly type: "cancel-reply"; readonly replyId: string }
  | { readonly type: "run-tool"; readonly toolCallId: string; readonly name: string; readonly arguments: string }
  /** Finds values in what was said: `values-learnt`, then `tool-finished` with the values as JSON, answer it. */
  | { readonly type: "extract-values"; readonly toolCallId: string; readonly variables: readonly WantedValue[] }
  /** The flow is at this node now: nothing to do but to note it, and why. */
  | { readonly type: "enter-node"; readonly nodeId: string; readonly because: string }
  | { readonly type: "set-timer"; readonly timer: TimerName; readonly timerId: number; readonly delayMs: number }
  | { readonly type: "clear-timer"; readonly timer: TimerName; readonly timerId: number }
  | { readonly type: "close-leg"; readonly reason: EndReason };

export type ReplyPurpose =
  | "greeting"
  | "answer"
  /** What was cut off by a sound that turned out to be no words. */
  | "resume"
  | "reminder"
  /** What the flow has said on the way, word for word. */
  | "line"
  | "apology"
  | "goodbye"
  /** What somebody outside the call asked to have said. */
  | "announcement";
