import type { JournalEntry } from "@earshot/engine";
import { toEpochMs } from "../wall-clock.ts";
import type { Call } from "./call.ts";
import type { CloseCallDeps } from "./close-call.ts";

/**
 * Ends the calls that a dead node left open: each gets a last entry "call-ended" with reason "server-crash", unless
 * its journal has an end already.
 * @param nodeIds the dead nodes; absent = every open call is an orphan
 * @returns how many calls were closed
 */
export async function closeOrphans(deps: CloseCallDeps, nodeIds?: readonly string[]): Promise<number> {
  const orphans = await deps.calls.listOpen(nodeIds);
  for (const call of orphans) await closeOrphan(deps, call);
  return orphans.length;
}

/** Ends the calls of these ids in the same way, whatever node held them. */
export async function closeLostCalls(deps: CloseCallDeps, callIds: readonly string[]): Promise<void> {
  for (const id of callIds) {
    const call = await deps.calls.findAnywhere(id);
    if (call !== undefined && call.status !== "ended") await closeOrphan(deps, call);
  }
}

async function closeOrphan(deps: CloseCallDeps, call: Call): Promise<void> {
  const last = await deps.calls.readLastEntry(call.id);
  const end = last?.event.type === "call-ended" ? last : callEnded(last);
  if (end !== last) await deps.calls.append(call.id, [end]);
  const reason = end.event.type === "call-ended" ? end.event.reason : "server-crash";
  const beganAtMs = toEpochMs(call.startedAt ?? call.createdAt);
  const endedAt = deps.clock.at(beganAtMs + end.atMs).toISOString();
  const hasEnded = await deps.calls.markEnded(call.id, { reason, endedAt, durationMs: end.atMs });
  if (hasEnded) await deps.onEnded(call.id, reason);
}

function callEnded(last: JournalEntry | undefined): JournalEntry {
  const atMs = last?.atMs ?? 0;
  return { seq: (last?.seq ?? 0) + 1, atMs, event: { type: "call-ended", reason: "server-crash", atMs }, effects: [] };
}
