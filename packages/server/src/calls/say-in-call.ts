import type { CallControl } from "./call-control.ts";
import type { Say } from "./call-order.ts";
import { type CallRef, requireCall } from "./read-call.ts";
import { requireLive } from "./require-live.ts";
import type { CallStore } from "./store.ts";

/**
 * Has the agent say something at once, word for word.
 * @throws AppError `not_found`; `call_not_live` when the call isn't under way on this node
 */
export async function sayInCall(
  deps: { readonly calls: CallStore; readonly control: CallControl },
  { workspaceId, id }: CallRef,
  input: Say,
): Promise<void> {
  const call = await requireCall(deps.calls, workspaceId, id);
  requireLive(call, await deps.control.say(id, input));
}
