import type { ReplyRequest } from "@earshot/engine";

/** What is asked of a language model outside of a call. */
export type CompletionRequest = ReplyRequest & {
  /** Absent: the node's default. */
  readonly model?: string;
};
