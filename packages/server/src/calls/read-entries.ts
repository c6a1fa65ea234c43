import type { JournalEntry } from "@earshot/engine";
import type { CallStore } from "./store.ts";

const BATCH = 5000;

/** A call's whole journal, in order. */
export async function readEntries(calls: CallStore, callId: string, afterSeq = 0): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  while (true) {
    const next = await calls.readEntries(callId, { afterSeq: entries.at(-1)?.seq ?? afterSeq, limit: BATCH });
    entries.push(...next);
    if (next.length < BATCH) return entries;
  }
}
