import type { JournalEntry } from "@earshot/engine";
import type { TopicBus } from "../bus/topic-bus.ts";
import type { CallStore } from "./store.ts";

export type JournalBus = TopicBus<JournalEntry>;

/** Where a call's entries are published once they are stored. */
export function journalTopic(callId: string): string {
  return `calls/${callId}/journal`;
}

/**
 * Stores the next entries of a call and tells those who watch. Entries that are stored already are left alone, so a
 * batch may be sent again.
 */
export async function appendEntries(
  deps: { readonly calls: CallStore; readonly bus: JournalBus },
  callId: string,
  entries: readonly JournalEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await deps.calls.append(callId, entries);
  for (const entry of entries) deps.bus.publish(journalTopic(callId), entry);
}
