/** How the agent took a turn after the caller's. Pure. */
import type { CorpusKind } from "../corpus/corpus-item.ts";
import type { Hearing } from "./listener.ts";
import type { PlayedItem } from "./play-item.ts";
import { heardAnswers, wordsHeard } from "./replies.ts";

export type TurnOutcome = Hearing & {
  readonly id: string;
  readonly kind: CorpusKind;
  readonly text: string;
  readonly heard: string;
  /** An answer was audible before the turn was over: when, from its first sample, ms. */
  readonly cutOffAtMs?: number;
  /** From the turn's last sample to the answer's first, ms; absent where the turn was cut off or missed. */
  readonly responseMs?: number;
  /** Answers that began after the turn's end: 0 missed, more than 1 duplicates. */
  readonly answers: number;
};

export function judgeTurn({ item, onsetMs, endMs, journal }: PlayedItem, hearing: Hearing): TurnOutcome {
  const answers = heardAnswers(journal);
  const early = answers.find(({ audibleAtMs }) => audibleAtMs >= onsetMs && audibleAtMs < endMs);
  const late = answers.filter(({ audibleAtMs }) => audibleAtMs >= endMs);
  const first = late[0]?.audibleAtMs;
  return {
    ...hearing,
    ...{ id: item.id, kind: item.kind, text: item.text, heard: wordsHeard(journal) },
    ...(early === undefined ? {} : { cutOffAtMs: Math.round(early.audibleAtMs - onsetMs) }),
    ...(early !== undefined || first === undefined ? {} : { responseMs: Math.round(first - endMs) }),
    answers: late.length,
  };
}
