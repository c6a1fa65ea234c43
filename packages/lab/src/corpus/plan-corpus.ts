import { Random, seedFrom } from "../random.ts";
import type { LineOptions } from "../sound/caller-line.ts";
import { CORPUS_KINDS, type CorpusKind, type CorpusSplit, type PlannedItem } from "./corpus-item.ts";
import { planParts } from "./plan-parts.ts";

export type CorpusOptions = {
  /** Default 1. */
  readonly seed?: number;
  readonly split: CorpusSplit;
  /** Items of each kind. Default 20. */
  readonly perKind?: number;
  /** Default: all. */
  readonly kinds?: readonly CorpusKind[];
  /** Default: Flite's four. */
  readonly voiceIds?: readonly string[];
};

const VOICES = ["flite:rms", "flite:slt", "flite:awb", "flite:kal16"];
const NOISES = ["cough", "throat", "knock", "door", "breath"] as const;
const BACKCHANNEL_MS = [200, 700] as const;
const HUMMED = "mm-hmm";

/** What the corpus will hold, in an order that mixes the kinds. Pure: the same options give the same plan. */
export function planCorpus(options: CorpusOptions): readonly PlannedItem[] {
  const { seed = 1, split, perKind = 20, kinds = CORPUS_KINDS, voiceIds = VOICES } = options;
  return Array.from({ length: perKind }, (_, index) =>
    kinds.map((kind) => planItem({ kind, index, split, seed, voiceIds })),
  ).flat();
}

function planItem(item: {
  readonly kind: CorpusKind;
  readonly index: number;
  readonly split: CorpusSplit;
  readonly seed: number;
  readonly voiceIds: readonly string[];
}): PlannedItem {
  const { kind, index, split, voiceIds } = item;
  const id = `${split}-${item.seed}-${kind}-${index + 1}`;
  const seed = seedFrom(item.seed, id);
  const random = new Random(seed);
  const voice = {
    voiceId: random.pick(voiceIds),
    speed: round(random.between(0.85, 1.2)),
    pitch: round(random.between(0.88, 1.15)),
  };
  const line = planLine(random);
  const parts = planParts(kind, split, random);
  const base = { id, kind, split, seed, voice, line };
  if (kind === "noise") return { ...base, parts: [], sound: random.pick(NOISES) };
  if (kind !== "backchannel") return { ...base, parts };
  const targetMs = Math.round(random.between(...BACKCHANNEL_MS));
  const isHummed = parts[0]?.text === HUMMED;
  return { ...base, targetMs, ...(isHummed ? { parts: [], sound: "hum" } : { parts }) };
}

/** A third each: clean, the telephone, and the telephone with noise. */
function planLine(random: Random): LineOptions {
  switch (random.integer(0, 2)) {
    case 0:
      return {};
    case 1:
      return { band: "phone" };
    default:
      return {
        band: "phone",
        noise: { kind: random.pick(["pink", "car", "street"] as const), snrDb: Math.round(random.between(15, 30)) },
        ...(random.chance(0.5) ? { packetLoss: { percent: round(random.between(0.5, 3)), burstFrames: 2 } } : {}),
      };
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
