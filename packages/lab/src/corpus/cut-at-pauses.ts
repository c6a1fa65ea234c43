/** Cuts one breath of speech into its parts, where the voice is quietest between their words. */
import { type Samples, toSamples, type WordTiming } from "@earshot/engine";
import { rms } from "../sound/samples.ts";
import type { PlannedPart } from "./corpus-item.ts";

export type SpokenPart = {
  /** From the first sound to the last. */
  readonly samples: Samples;
  readonly words: readonly { readonly text: string; readonly fromSample: number; readonly toSample: number }[];
};

type Breath = { readonly samples: Samples; readonly words: readonly WordTiming[] };
type Planned = Pick<PlannedPart, "text" | "isLevel">;

/** Word timings are told to within so much. */
const UNSURE_MS = 110;
const WINDOW_MS = 8;
const STEP_SAMPLES = 16;
/** Quieter than this no part begins or ends: -46 dBFS. */
const AUDIBLE = 165;
/** A voice makes at least such a gap of a comma, and no stop consonant is so long. */
const COMMA_MS = 110;
/** No part is shorter. */
const SHORTEST_MS = 60;

/** The parts, each from its first sound to its last; undefined where the voice can't be cut into them. */
export function cutAtPauses(breath: Breath, parts: readonly Planned[]): readonly SpokenPart[] | undefined {
  if (parts.length === 1) return [wholePart(breath)];
  const cuts = cutsAtCommas(breath.samples, parts) ?? cutsAtWords(breath, parts);
  const ends = [...cuts, breath.samples.length];
  let firstWord = 0;
  const spoken = parts.map(({ text }, index) => {
    const afterLast = firstWord + text.split(/\s+/).length;
    const words = breath.words.slice(firstWord, afterLast);
    firstWord = afterLast;
    return trimPart({
      samples: breath.samples,
      from: index === 0 ? 0 : (ends[index - 1] ?? 0),
      to: ends[index] ?? 0,
      words,
    });
  });
  return spoken.every(({ samples }) => samples.length >= toSamples(SHORTEST_MS)) ? spoken : undefined;
}

/** All of it, without the silence around it. */
export function wholePart({ samples, words }: Breath): SpokenPart {
  return trimPart({ samples, from: 0, to: samples.length, words });
}

/** The middles of the gaps that the voice itself makes, where it makes as many as there are commas. */
function cutsAtCommas(samples: Samples, parts: readonly Planned[]): readonly number[] | undefined {
  if (parts.slice(0, -1).some(({ isLevel }) => isLevel)) return undefined;
  const gaps: number[] = [];
  let soundedAt: number | undefined;
  for (const [at, sample] of samples.entries()) {
    if (Math.abs(sample) <= AUDIBLE) continue;
    if (soundedAt !== undefined && at - soundedAt >= toSamples(COMMA_MS)) gaps.push(Math.round((at + soundedAt) / 2));
    soundedAt = at;
  }
  return gaps.length === parts.length - 1 ? gaps : undefined;
}

function cutsAtWords({ samples, words }: Breath, parts: readonly Planned[]): readonly number[] {
  const cuts: number[] = [];
  let lastWord = -1;
  for (const { text } of parts.slice(0, -1)) {
    lastWord += text.split(/\s+/).length;
    const before = words[lastWord];
    const after = words[lastWord + 1];
    const earliest = (cuts.at(-1) ?? 0) + toSamples(SHORTEST_MS);
    cuts.push(before && after ? quietest(samples, earliest, before, after) : samples.length);
  }
  return cuts;
}

function quietest(samples: Samples, earliest: number, before: WordTiming, after: WordTiming): number {
  const from = toSamples(Math.max(0, Math.min(before.endMs, after.startMs) - UNSURE_MS));
  const to = toSamples(Math.max(before.endMs, after.startMs) + UNSURE_MS);
  const window = toSamples(WINDOW_MS);
  let best = Math.max(earliest, toSamples(after.startMs));
  let bestLevel = Number.POSITIVE_INFINITY;
  for (let at = Math.max(earliest, from); at <= Math.min(samples.length - window, to); at += STEP_SAMPLES) {
    const level = rms(samples.subarray(at, at + window));
    if (level >= bestLevel) continue;
    best = at + window / 2;
    bestLevel = level;
  }
  return best;
}

function trimPart(part: Breath & { readonly from: number; readonly to: number }): SpokenPart {
  const slice = part.samples.slice(part.from, part.to);
  const first = Math.max(
    0,
    slice.findIndex((sample) => Math.abs(sample) > AUDIBLE),
  );
  const end = slice.findLastIndex((sample) => Math.abs(sample) > AUDIBLE) + 1;
  const within = (ms: number) => Math.max(0, Math.min(toSamples(Math.max(0, ms)) - part.from - first, end - first));
  const words = part.words.map(({ text, startMs, endMs }) => ({
    text,
    fromSample: within(startMs),
    toSample: within(endMs),
  }));
  return { samples: slice.slice(first, Math.max(first, end)), words };
}
