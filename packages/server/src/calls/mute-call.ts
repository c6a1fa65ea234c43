import type { CallControl } from "./call-control.ts";
import type { Mute } from "./call-order.ts";
import { type CallRef, requireCall } from "./read-call.ts";
import { requireLive } from "./require-live.ts";
import type { CallStore } from "./store.ts";

/**
 * Makes the agent hold its tongue, or gives it back its voice.
 * @throws AppError `not_found`; `call_not_live` when the call isn't under way on this node
 */
export async function muteCall(
  deps: { readonly calls: CallStore; readonly control: CallControl },
  { workspaceId, id }: CallRef,
  input: Mute,
): Promise<void> {
  const call = await requireCall(deps.calls, workspaceId, id);
  requireLive(call, await deps.control.mute(id, input.isMuted));
}
