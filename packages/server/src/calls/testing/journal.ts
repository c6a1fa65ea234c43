import type { ConversationEvent, Effect, JournalEntry } from "@earshot/engine";

/** An entry that has no number yet. */
export type Draft = Omit<JournalEntry, "seq">;

export function entry(event: ConversationEvent, effects: readonly Effect[] = []): Draft {
  return { atMs: event.atMs, event, effects };
}

/** Numbers entries from 1. */
export function journal(entries: readonly Draft[]): JournalEntry[] {
  return entries.map((draft, index) => ({ seq: index + 1, ...draft }));
}
