/** What was said long ago, in short: the language model gets it in place of the words themselves. */
export type Summary = {
  /** Everything of the history up to this time is in it. */
  readonly upToMs: number;
  readonly text: string;
};
