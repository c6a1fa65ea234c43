import type { Samples } from "@earshot/engine";

/** Windows of equal length of many streams, sent as one message. */
export type WindowBatch = {
  readonly type: "windows";
  /** Which model's windows these are, where a line serves several. */
  readonly model: string;
  /** One id a window. */
  readonly streamIds: Uint32Array<ArrayBuffer>;
  /** The windows one after the other; what is behind them means nothing. */
  readonly samples: Samples;
  /** Streams that end after these windows. */
  readonly closedIds: readonly number[];
};

/** What became of a batch: one result a window, in the same order. */
export type WindowResults<Values> = {
  readonly type: "window-results";
  readonly model: string;
  readonly streamIds: Uint32Array<ArrayBuffer>;
  readonly values: Values;
  /** The batch's samples, when the worker needs them no more. */
  readonly spent?: Samples;
};
