import type { ReplyRequest } from "@earshot/engine";

/** What the model's thread is told when it starts. */
export type GgufWorkerData = {
  readonly path: string;
  readonly contextTokens: number;
  readonly threads: number;
};

export type ToWorker =
  | { readonly type: "reply"; readonly id: number; readonly request: ReplyRequest }
  | { readonly type: "abort"; readonly id: number }
  | { readonly type: "close" };

/** `ready` or `unusable` comes first, once; each reply ends in exactly one of `done` and `failed`. */
export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "unusable"; readonly message: string }
  | { readonly type: "text"; readonly id: number; readonly text: string }
  | { readonly type: "call"; readonly id: number; readonly name: string; readonly arguments: string }
  | { readonly type: "done"; readonly id: number; readonly inputTokens: number; readonly outputTokens: number }
  | { readonly type: "failed"; readonly id: number; readonly message: string };
