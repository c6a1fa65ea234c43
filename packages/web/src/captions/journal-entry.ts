/**
 * One line of a call's journal as the server sends it: a fact, and the orders that followed from it. The page reads
 * the fields it knows and ignores every other type, so that a newer server can be shown by an older page.
 */
export type JournalEntry = {
  readonly seq: number;
  /** Since the call began. */
  readonly atMs: number;
  readonly event: JournalEvent;
  readonly effects: readonly JournalEffect[];
};

export type JournalEvent =
  | { readonly type: "caller-speech-started"; readonly utteranceId: number }
  | { readonly type: "caller-speech-ended"; readonly utteranceId: number; readonly lastSampleAtMs: number }
  | { readonly type: "transcript-partial"; readonly utteranceId: number; readonly text: string }
  | { readonly type: "transcript-final"; readonly utteranceId: number; readonly text: string }
  | { readonly type: "transcript-failed"; readonly utteranceId: number }
  | { readonly type: "digit-pressed"; readonly digit: string }
  | { readonly type: "reply-text-started"; readonly replyId: string }
  | { readonly type: "reply-sentence"; readonly replyId: string; readonly text: string }
  | { readonly type: "reply-audio-ready"; readonly replyId: string }
  | { readonly type: "reply-audio-started"; readonly replyId: string }
  | { readonly type: "reply-heard"; readonly replyId: string; readonly text: string }
  | { readonly type: "reply-ended"; readonly replyId: string }
  | { readonly type: "reply-cancelled"; readonly replyId: string }
  | { readonly type: "reply-failed"; readonly replyId: string; readonly stage: string }
  | { readonly type: "tool-requested"; readonly toolCallId: string; readonly name: string }
  | { readonly type: "tool-finished"; readonly toolCallId: string; readonly outcome: string }
  | { readonly type: "call-ended"; readonly reason: string }
  | { readonly type: UnshownEvent };

/** Facts that the page has no picture for. */
type UnshownEvent =
  | "call-started"
  | "timer-fired"
  | "end-requested"
  | "leg-lost"
  | "leg-resumed"
  | "leg-closed"
  | "recording-failed";

export type JournalEffect =
  | {
      readonly type: "start-reply";
      readonly replyId: string;
      readonly purpose: string;
      /** It was begun before under this id, unheard. */
      readonly isDrafted?: true;
    }
  | { readonly type: "draft-reply"; readonly replyId: string }
  | { readonly type: "cancel-reply"; readonly replyId: string }
  | { readonly type: "run-tool" | "extract-values" | "enter-node" | "set-timer" | "clear-timer" | "close-leg" };
