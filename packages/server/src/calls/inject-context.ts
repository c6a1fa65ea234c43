import type { CallControl } from "./call-control.ts";
import type { InjectContext } from "./call-order.ts";
import { type CallRef, requireCall } from "./read-call.ts";
import { requireLive } from "./require-live.ts";
import type { CallStore } from "./store.ts";

/**
 * Tells the language model of a live call something that the caller doesn't hear.
 * @throws AppError `not_found`; `call_not_live` when the call isn't under way on this node
 */
export async function injectContext(
  deps: { readonly calls: CallStore; readonly control: CallControl },
  { workspaceId, id }: CallRef,
  input: InjectContext,
): Promise<void> {
  const call = await requireCall(deps.calls, workspaceId, id);
  requireLive(call, await deps.control.injectContext(id, input));
}
