import { AppError } from "../app-error.ts";
import type { Recordings } from "../recordings/recordings.ts";
import type { WallClock } from "../wall-clock.ts";
import { type CallRef, requireCall } from "./read-call.ts";
import type { CallStore } from "./store.ts";

/**
 * Takes a call that is over off every list, and deletes its recording.
 * @throws AppError `not_found`; `conflict` while the call isn't over
 */
export async function deleteCall(
  deps: { readonly calls: CallStore; readonly clock: WallClock; readonly recordings: Recordings },
  { workspaceId, id }: CallRef,
): Promise<void> {
  const call = await requireCall(deps.calls, workspaceId, id);
  if (call.status !== "ended") throw new AppError("conflict", "the call is not over yet: end it first");
  // First what can fail: nobody finds the recording of a call that is on no list.
  await deps.recordings.remove(id, "deleted");
  await deps.calls.remove(workspaceId, id, deps.clock.now());
}
