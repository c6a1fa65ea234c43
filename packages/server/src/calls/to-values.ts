import type { JournalEntry, Value } from "@earshot/engine";

/** What a call has learnt by name, the latest of each. */
export function toValues(entries: readonly JournalEntry[]): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const { event } of entries) if (event.type === "values-learnt") Object.assign(values, event.values);
  return values;
}
