import type { CallSummary, Turn } from "./call.ts";
import { readEntries } from "./read-entries.ts";
import type { CallStore } from "./store.ts";
import { toTurns } from "./to-turns.ts";

/**
 * Sums a call up on its row, after its end. Idempotent.
 * @returns its turns, or undefined when there was nothing to do
 */
export async function finishCall(calls: CallStore, callId: string): Promise<Turn[] | undefined> {
  const call = await calls.findAnywhere(callId);
  if (call === undefined || call.status !== "ended" || call.summary !== undefined) return undefined;
  const turns = toTurns(await readEntries(calls, callId));
  await calls.storeSummary(callId, toSummary(turns));
  return turns;
}

/** How long the caller waited, in two figures. */
export function toSummary(turns: readonly Turn[]): CallSummary {
  const times = turns.map(({ responseMs }) => responseMs).toSorted((a, b) => a - b);
  const median = times[Math.floor((times.length - 1) / 2)];
  const max = times.at(-1);
  return {
    turns: turns.length,
    ...(median === undefined ? {} : { responseMsMedian: median }),
    ...(max === undefined ? {} : { responseMsMax: max }),
  };
}
