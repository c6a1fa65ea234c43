import type { JournalEffect, JournalEntry, JournalEvent } from "../captions/journal-entry.ts";

type Step = readonly [atMs: number, event: JournalEvent, ...effects: JournalEffect[]];

/** Numbers steps as the server would: for tests and the canned calls of the development server. */
export function toJournal(steps: readonly Step[]): readonly JournalEntry[] {
  return steps.map(([atMs, event, ...effects], index) => ({ seq: index + 1, atMs, event, effects }));
}
