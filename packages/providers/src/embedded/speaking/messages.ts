import type { Samples, WordTiming } from "@earshot/engine";

/** What a connection asks of the worker that speaks, denoises and embeds; its windows come as `WindowBatch`. */
export type VoiceRequest =
  | ({ readonly type: "speak"; readonly id: number; readonly model: string } & SpeakOrder)
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "embed"; readonly id: number; readonly texts: readonly string[] };

export type SpeakOrder = { readonly text: string; readonly voiceId: string; readonly speed: number };

export type VoiceReport =
  | {
      readonly type: "chunk";
      readonly id: number;
      readonly samples: Samples;
      readonly words: readonly WordTiming[];
    }
  | { readonly type: "vectors"; readonly id: number; readonly vectors: readonly Float32Array[] }
  /** The last of a request. */
  | { readonly type: "done"; readonly id: number }
  | { readonly type: "failed"; readonly id: number; readonly reason: string };
