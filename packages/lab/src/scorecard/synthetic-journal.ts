/** Journals for tests of the metrics: what happened, and what was ordered, at each moment. */
import type { Effect, Fact, JournalEntry } from "@earshot/engine";
import type { PlayedItem } from "./play-item.ts";

/** One moment of a call: a fact, and the orders that followed. */
export type Moment = readonly [atMs: number, fact: Fact, ...effects: Effect[]];

function toJournal(moments: readonly Moment[]): JournalEntry[] {
  return moments.map(([atMs, fact, ...effects], index) => ({
    seq: index + 1,
    atMs,
    event: { ...fact, atMs },
    effects,
  }));
}

/** A caller who spoke from 1,000 to 2,000 ms; a word that tells ended at 1,300. */
export function played(kind: PlayedItem["item"]["kind"], moments: readonly Moment[]): PlayedItem {
  const item = { id: `train-1-${kind}-1`, kind, text: "Can I come on Friday?" };
  return { item, onsetMs: 1_000, endMs: 2_000, recognisableMs: 1_300, journal: toJournal(moments) };
}

/** A reply that is ordered and heard in the same moment. */
export function reply(id: string, purpose: "answer" | "greeting" | "resume", fromMs: number): Moment[] {
  return [
    [fromMs, { type: "timer-fired", timer: "end-of-turn", timerId: 1 }, { type: "start-reply", replyId: id, purpose }],
    [fromMs, { type: "reply-audio-started", replyId: id }],
  ];
}
