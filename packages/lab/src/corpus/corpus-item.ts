import type { Samples } from "@earshot/engine";
import type { LineOptions } from "../sound/caller-line.ts";

export const CORPUS_KINDS = [
  /** Complete; whoever waits after its end only wastes time. */
  "sentence",
  /** With pauses inside, at fillers and at words that can't end a sentence. */
  "hesitation",
  "number",
  "email",
  "spelled-name",
  "date",
  "street",
  /** No turn: the agent goes on. */
  "backchannel",
  /** The agent stops. */
  "interruption",
  /** No speech at all: the agent goes on. */
  "noise",
] as const;
export type CorpusKind = (typeof CORPUS_KINDS)[number];

/** Nothing of the one occurs in the other: neither texts nor seeds. */
export const CORPUS_SPLITS = ["train", "held-out"] as const;
export type CorpusSplit = (typeof CORPUS_SPLITS)[number];

/** What will be said, and how; all of it decided by a seed. */
export type PlannedItem = {
  /** Unique over both splits, and the same for the same seed. */
  readonly id: string;
  readonly kind: CorpusKind;
  readonly split: CorpusSplit;
  readonly seed: number;
  readonly voice: { readonly voiceId: string; readonly speed: number; readonly pitch: number };
  /** How the line may be; the samples themselves are clean. */
  readonly line: LineOptions;
  /** Said in one breath each; empty for noises and hums. */
  readonly parts: readonly PlannedPart[];
  /** How long the whole should be, where that matters. */
  readonly targetMs?: number;
  readonly sound?: "hum" | "cough" | "throat" | "knock" | "door" | "breath";
};

export type PlannedPart = {
  readonly text: string;
  /** Silence after it, ms; 0 after the last. */
  readonly pauseMs: number;
  /** The last sound of the part is drawn out by so much, as people do who go on; 1: not at all. */
  readonly drawl: number;
  /** Whether the voice goes on as in the middle of a phrase (level), or makes a comma of the pause. */
  readonly isLevel: boolean;
};

/** A stretch of `samples`, the end not included. */
export type Stretch = { readonly fromSample: number; readonly toSample: number };

/** What was said, with what is true of it. 16 kHz, from the first sound to the last. */
export type CorpusItem = PlannedItem & {
  readonly text: string;
  readonly samples: Samples;
  /** First sample of the first sound: 0. */
  readonly onsetSample: number;
  /** One past the last sample of the last sound. */
  readonly endSample: number;
  /** Exact: these samples are zero, and the caller goes on afterwards. */
  readonly pauses: readonly Stretch[];
  /** As the synthesiser told, to within some 50 ms; empty where there are no words. */
  readonly words: readonly (Stretch & { readonly text: string })[];
  /** Where the turn truly ends; undefined: it is no turn. */
  readonly turnEndSample: number | undefined;
};
