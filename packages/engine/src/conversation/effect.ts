/** Orders that the rules give; the session carries them out and reports back with facts. */

import type { EndReason } from "./end-reason.ts";
import type { TimerName } from "./event.ts";
import type { TransferOrder } from "./transfer-order.ts";

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
  /** Answered by `tool-finished`. */
  | { readonly type: "send-digits"; readonly toolCallId: string; readonly digits: string }
  /** Answered by `transfer-finished`, unless the call ends before. */
  | { readonly type: "transfer-call"; readonly transferId: string; readonly order: TransferOrder }
  | { readonly type: "set-timer"; readonly timer: TimerName; readonly timerId: number; readonly delayMs: number }
  | { readonly type: "clear-timer"; readonly timer: TimerName; readonly timerId: number }
  | { readonly type: "close-leg"; readonly reason: EndReason };

export type ReplyPurpose =
  | "greeting"
  | "answer"
  /** What was cut off by a sound that turned out to be no words. */
  | "resume"
  | "reminder"
  | "apology"
  | "goodbye"
  /** While a tool is waited for. */
  | "filler"
  /** What somebody outside the call asked to have said. */
  | "announcement";
