import type { Check } from "./options.ts";

export type FuzzTask = {
  readonly check: Check;
  readonly engine: string | undefined;
  readonly maxDeadAirMs: number | undefined;
};

/** So many random calls that one worker plays with one seed. */
export type Chunk = { readonly runs: number; readonly seed: number; readonly path?: string };

export type Break = {
  readonly seed: number;
  readonly path: string;
  readonly message: string;
  readonly script: string;
  readonly world?: string;
};

export type DeadAir = { readonly answerMs: number; readonly understudiedMs: number; readonly toolMs: number };

export type FromWorker =
  | { readonly type: "ran"; readonly runs: number }
  | { readonly type: "kept"; readonly deadAir?: DeadAir }
  | { readonly type: "broken"; readonly found: Break }
  /** The path of the chunk leads to no call. */
  | { readonly type: "lost" };
