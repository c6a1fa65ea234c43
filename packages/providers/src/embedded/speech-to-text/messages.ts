import type { Samples } from "@earshot/engine";
import type { Heard } from "./transcriber.ts";

/** What a call's stream asks of the recogniser's worker. */
export type ListenRequest = { readonly streamId: number } & (
  | { readonly type: "open"; readonly model: string; readonly partialEveryMs?: number }
  | { readonly type: "begin"; readonly utteranceId: number }
  | { readonly type: "audio"; readonly samples: Samples }
  | { readonly type: "mayEnd"; readonly utteranceId: number }
  | { readonly type: "glance"; readonly utteranceId: number }
  | { readonly type: "end"; readonly utteranceId: number }
  | { readonly type: "close" }
);

export type ListenReport = {
  readonly type: "heard";
  readonly model: string;
  readonly streamId: number;
  readonly heard: Heard;
};
