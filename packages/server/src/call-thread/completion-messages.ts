/** A language model's reply for somebody on the main thread, piece by piece. */

import { ProviderError, type ReplyPart, type ReplyRequest } from "@earshot/engine";

/** Parts that may be on their way or unread; the model waits when there are as many. */
export const COMPLETION_WINDOW = 64;

export type ToCompletions =
  | {
      readonly type: "complete";
      readonly requestId: number;
      readonly request: ReplyRequest;
      /** Absent: the node's default. */
      readonly model?: string;
    }
  /** So many parts have been read: as many more may be sent. */
  | { readonly type: "parts-read"; readonly requestId: number; readonly count: number }
  /** Nobody reads on. */
  | { readonly type: "cancel-completion"; readonly requestId: number };

export type FromCompletions =
  | { readonly type: "completion-part"; readonly requestId: number; readonly part: ReplyPart }
  /** Always the last message of a request. */
  | { readonly type: "completion-over"; readonly requestId: number; readonly failure?: ProviderFailure };

export type ProviderFailure = Pick<ProviderError, "provider" | "stage" | "kind" | "message" | "isRetryable">;

/** Errors keep no fields of their own between threads. */
export function toFailure(error: unknown, model: string): ProviderFailure {
  if (error instanceof ProviderError) {
    const { provider, stage, kind, message, isRetryable } = error;
    return { provider, stage, kind, message, isRetryable };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { provider: model, stage: "language-model", kind: "internal", message, isRetryable: false };
}
