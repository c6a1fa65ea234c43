import { AppError } from "../app-error.ts";
import type { WallClock } from "../wall-clock.ts";
import type { CallEndReason } from "./call.ts";
import type { CallStore } from "./store.ts";

export type CloseCallDeps = {
  readonly calls: CallStore;
  readonly clock: WallClock;
  /** Told of each call that ended, once. */
  readonly onEnded: (callId: string, reason: CallEndReason) => Promise<void>;
};

/**
 * Marks a call as ended, once its last entry is stored. Idempotent: the first reason stays.
 * @param end `durationMs`: from the first to the last moment of the call, by the call's own clock
 * @throws AppError `not_found`
 */
export async function closeCall(
  deps: CloseCallDeps,
  id: string,
  end: { readonly reason: CallEndReason; readonly durationMs: number },
): Promise<void> {
  const values = await deps.calls.readValues(id);
  const hasEnded = await deps.calls.markEnded(id, { ...end, values, endedAt: deps.clock.now().toISOString() });
  if (!hasEnded) {
    if ((await deps.calls.findAnywhere(id)) === undefined) throw new AppError("not_found", `there is no call "${id}"`);
    return;
  }
  await deps.onEnded(id, end.reason);
}
