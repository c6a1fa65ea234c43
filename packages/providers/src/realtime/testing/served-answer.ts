/** What a reply is made of. */
export type ServedAnswer = {
  readonly text?: string;
  readonly calls?: readonly { readonly name: string; readonly arguments: string }[];
  /** How it ends. Default "completed". */
  readonly status?: "completed" | "failed" | "incomplete";
  /** With `failed` the error's code; with `incomplete` "content_filter" or "max_output_tokens". */
  readonly reason?: string;
  /** Only its first part comes, until it is cancelled or `release` is called. */
  readonly isHeld?: boolean;
};

export type AnswerRequest = {
  /** The session's instructions. */
  readonly instructions: string;
  /** "caller: When are you open?", in order: what the model knows. */
  readonly conversation: readonly string[];
  /** What the caller said last, where that is answered. */
  readonly heard: string | undefined;
  /** Replies before this one, over all sessions. */
  readonly index: number;
};
