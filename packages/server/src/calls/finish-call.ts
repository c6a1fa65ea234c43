import type { Values } from "@earshot/engine";
import type { CallSummary, Turn } from "./call.ts";
import type { FindValues } from "./find-values.ts";
import { readEntries } from "./read-entries.ts";
import type { CallStore } from "./store.ts";
import { toTranscript } from "./to-transcript.ts";
import { toTurns } from "./to-turns.ts";
import { toValues } from "./to-values.ts";

/**
 * Sums a call up on its row, after its end. Idempotent.
 * @param findValues finds in the transcript what was not learnt during the call; absent: nobody does. Never throws
 * @returns its turns, or undefined when there was nothing to do
 */
export async function finishCall(
  calls: CallStore,
  callId: string,
  findValues?: FindValues,
): Promise<Turn[] | undefined> {
  const call = await calls.findAnywhere(callId);
  if (call === undefined || call.status !== "ended" || call.summary !== undefined) return undefined;
  const entries = await readEntries(calls, callId);
  const turns = toTurns(entries);
  const found = await findValues?.(call, { lines: toTranscript(entries), learnt: toValues(entries) });
  await calls.storeSummary(callId, toSummary(turns, found));
  return turns;
}

/** How long the caller waited, in two figures; and what the call learnt. */
export function toSummary(turns: readonly Turn[], values: Values = {}): CallSummary {
  const times = turns.map(({ responseMs }) => responseMs).toSorted((a, b) => a - b);
  const median = times[Math.floor((times.length - 1) / 2)];
  const max = times.at(-1);
  return {
    turns: turns.length,
    ...(median === undefined ? {} : { responseMsMedian: median }),
    ...(max === undefined ? {} : { responseMsMax: max }),
    ...(Object.keys(values).length === 0 ? {} : { values: { ...values } }),
  };
}
