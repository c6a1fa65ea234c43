import { AppError } from "../app-error.ts";
import type { Transfer } from "./call-order.ts";
import { type CallRef, requireCall } from "./read-call.ts";
import { requireLive } from "./require-live.ts";
import type { CallStore } from "./store.ts";

/**
 * Hands the caller on to somebody else.
 * @throws AppError `not_found`; `call_not_live`; `not_supported` where the call's leg can't be transferred
 */
export async function transferCall(
  deps: { readonly calls: CallStore },
  { workspaceId, id }: CallRef,
  _input: Transfer,
): Promise<void> {
  const call = await requireCall(deps.calls, workspaceId, id);
  requireLive(call, call.status === "active");
  throw new AppError("not_supported", "this call can't be transferred: its leg has no transfer");
}
