import type { CallSummary, Turn } from "./call.ts";
import { readEntries } from "./read-entries.ts";
import type { CallStore } from "./store.ts";
import { toTurns } from "./to-turns.ts";

/** Sums a call up on its row, after its end. Idempotent. */
export async function finishCall(
  calls: CallStore,
  callId: string,
  onTurn: (turn: Turn) => void = () => {},
): Promise<void> {
  const call = await calls.find(callId);
  if (call === undefined || call.status !== "ended" || call.summary !== undefined) return;
  const turns = toTurns(await readEntries(calls, callId));
  await calls.storeSummary(callId, toSummary(turns));
  for (const turn of turns) onTurn(turn);
}

function toSummary(turns: readonly Turn[]): CallSummary {
  const times = turns.map(({ responseMs }) => responseMs).toSorted((a, b) => a - b);
  const median = times[Math.floor((times.length - 1) / 2)];
  const max = times.at(-1);
  return {
    turns: turns.length,
    ...(median === undefined ? {} : { responseMsMedian: median }),
    ...(max === undefined ? {} : { responseMsMax: max }),
  };
}
