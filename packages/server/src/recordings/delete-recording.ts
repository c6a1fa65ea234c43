import { AppError } from "../app-error.ts";
import { type CallRef, requireCall } from "../calls/read-call.ts";
import type { CallStore } from "../calls/store.ts";
import type { Recordings } from "./recordings.ts";

/**
 * Deletes what was recorded of a call, wherever it lies; the call and its transcript stay.
 * @throws AppError `not_found`, `recording_not_available`; `conflict` while the call isn't over; `storage_unavailable`
 */
export async function deleteRecording(
  deps: { readonly calls: CallStore; readonly recordings: Recordings },
  { workspaceId, id }: CallRef,
): Promise<void> {
  const call = await requireCall(deps.calls, workspaceId, id);
  if (call.status !== "ended")
    throw new AppError("conflict", "the call is not over yet: end it, or pause its recording");
  if (!(await deps.recordings.remove(id, "deleted")))
    throw new AppError("recording_not_available", "the call was not recorded, or its recording has expired");
}
