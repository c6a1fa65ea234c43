/** What the agent made of a sound while it spoke. Pure. */
import type { JournalEntry } from "@earshot/engine";
import type { CorpusKind } from "../corpus/corpus-item.ts";
import type { PlayedItem } from "./play-item.ts";
import { heardAnswers, toReplySpans, wordsHeard } from "./replies.ts";

export type OverlapOutcome = {
  readonly id: string;
  readonly kind: CorpusKind;
  readonly text: string;
  readonly heard: string;
  /** The agent fell silent. */
  readonly wasStopped: boolean;
  /** From the sound's first sample to the agent's silence, ms. */
  readonly yieldMs?: number;
  /** The same from the end of the first word that no listener says; below 0: before that. */
  readonly yieldAfterRecognisableMs?: number;
  /** From the sound's first sample until the agent was lower, or silent, ms; absent where it never was. */
  readonly duckMs?: number;
  /** The same from the first sample that the line lets through. */
  readonly duckAfterAudibleMs?: number;
  /** Whether the agent said something to it afterwards. */
  readonly isAnswered: boolean;
};

export function judgeOverlap({
  item,
  onsetMs,
  audibleMs = onsetMs,
  recognisableMs,
  journal,
}: PlayedItem): OverlapOutcome {
  const interrupted = toReplySpans(journal).find(
    ({ audibleAtMs = Number.POSITIVE_INFINITY, endedAtMs = Number.POSITIVE_INFINITY }) =>
      audibleAtMs <= onsetMs && onsetMs <= endedAtMs,
  );
  const silentAtMs = interrupted?.wasStopped ? interrupted.endedAtMs : undefined;
  const loweredAtMs = Math.min(silentAtMs ?? Number.POSITIVE_INFINITY, firstDuck(journal, onsetMs));
  return {
    ...{ id: item.id, kind: item.kind, text: item.text, heard: wordsHeard(journal) },
    wasStopped: silentAtMs !== undefined,
    ...(silentAtMs === undefined ? {} : { yieldMs: Math.round(silentAtMs - onsetMs) }),
    ...(silentAtMs === undefined || recognisableMs === undefined
      ? {}
      : { yieldAfterRecognisableMs: Math.round(silentAtMs - recognisableMs) }),
    ...(Number.isFinite(loweredAtMs)
      ? { duckMs: Math.round(loweredAtMs - onsetMs), duckAfterAudibleMs: Math.round(loweredAtMs - audibleMs) }
      : {}),
    isAnswered: heardAnswers(journal).some(({ audibleAtMs }) => audibleAtMs > onsetMs),
  };
}

function firstDuck(journal: readonly JournalEntry[], fromMs: number): number {
  const ducked = journal.find(
    ({ atMs, effects }) => atMs >= fromMs && effects.some(({ type }) => type === "duck-reply"),
  );
  return ducked?.atMs ?? Number.POSITIVE_INFINITY;
}
