/** One page of a list. */
export type Page<T> = {
  readonly data: readonly T[];
  /** Give it to the next request; absent on the last page. */
  readonly nextCursor?: string;
};

export type PageQuery = {
  readonly limit?: number;
  readonly cursor?: string;
};
