import type { CallControl } from "./call-control.ts";
import { type CallRef, requireCall } from "./read-call.ts";
import { requireLive } from "./require-live.ts";
import type { CallStore } from "./store.ts";

/**
 * Keeps nothing of what is said from now on, or everything again; the recording is silent meanwhile. Idempotent.
 * @throws AppError `not_found`; `call_not_live` when the call isn't under way on this node
 */
export async function pauseRecording(
  deps: { readonly calls: CallStore; readonly control: CallControl },
  { workspaceId, id }: CallRef,
  isPaused: boolean,
): Promise<void> {
  const call = await requireCall(deps.calls, workspaceId, id);
  requireLive(call, await deps.control.pauseRecording(id, isPaused));
}
