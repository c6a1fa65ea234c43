import { type Captions, foldCaptions, type JournalEntry, NO_CAPTIONS } from "@earshot/web";
import { type Turn, toTurns } from "./turns.ts";

/** A call's journal as far as the page has it, with what is drawn from it. */
export type Journal = {
  readonly entries: readonly JournalEntry[];
  readonly captions: Captions;
  readonly turns: readonly Turn[];
};

export const EMPTY_JOURNAL: Journal = { entries: [], captions: NO_CAPTIONS, turns: [] };

/** Takes entries in, in any order and as often as they come: those missed during a lost connection find their place. */
export function addEntries(journal: Journal, added: readonly JournalEntry[]): Journal {
  const known = new Set(journal.entries.map(({ seq }) => seq));
  const fresh = added.filter(({ seq }) => !known.has(seq)).sort((a, b) => a.seq - b.seq);
  const first = fresh[0];
  if (first === undefined) return journal;
  const isNext = first.seq > (journal.entries.at(-1)?.seq ?? -1);
  const entries = isNext
    ? [...journal.entries, ...fresh]
    : [...journal.entries, ...fresh].sort((a, b) => a.seq - b.seq);
  return {
    entries,
    captions: isNext ? fresh.reduce(foldCaptions, journal.captions) : entries.reduce(foldCaptions, NO_CAPTIONS),
    turns: !isNext || fresh.some(endsWait) ? toTurns(entries) : journal.turns,
  };
}

function endsWait({ event }: JournalEntry): boolean {
  return event.type === "reply-audio-started";
}
