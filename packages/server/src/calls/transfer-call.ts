import type { CallControl } from "./call-control.ts";
import type { Transfer } from "./call-order.ts";
import { type CallRef, requireCall } from "./read-call.ts";
import { requireLive } from "./require-live.ts";
import type { CallStore } from "./store.ts";

/**
 * Hands the caller on to somebody else, once the agent has said what it says. When that comes to nothing the agent is
 * told why, and goes on; the journal says how it came out.
 * @throws AppError `not_found`; `call_not_live` when the call isn't under way on this node
 */
export async function transferCall(
  deps: { readonly calls: CallStore; readonly control: CallControl },
  { workspaceId, id }: CallRef,
  { destination, mode, message, briefing }: Transfer,
): Promise<void> {
  const call = await requireCall(deps.calls, workspaceId, id);
  const order = {
    ...{ destination, mode },
    ...(message === undefined ? {} : { say: message }),
    ...(briefing === undefined ? {} : { briefing }),
  };
  requireLive(call, await deps.control.transfer(id, order));
}
