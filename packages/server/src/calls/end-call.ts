import { AppError } from "../app-error.ts";
import type { WallClock } from "../wall-clock.ts";
import type { CallControl } from "./call-control.ts";
import { type CallRef, type ReadCall, readCall, requireCall } from "./read-call.ts";
import type { CallStore } from "./store.ts";

/**
 * Ends a call on behalf of an API client. A call that has ended before is given as it is.
 * @throws AppError `not_found`; `call_not_live` when another node holds the call
 */
export async function endCall(
  deps: { readonly calls: CallStore; readonly control: CallControl; readonly clock: WallClock },
  { workspaceId, id }: CallRef,
): Promise<ReadCall> {
  const call = await requireCall(deps.calls, workspaceId, id);
  if (call.status === "ended") return readCall(deps.calls, workspaceId, id);
  const wasLive = await deps.control.end(id, "api-request");
  if (!wasLive) {
    if (call.status === "active") throw new AppError("call_not_live", "another node holds this call: end it there");
    const isScheduled = call.status === "created" && call.startAt !== undefined;
    const how = isScheduled
      ? ({ reason: "canceled", error: "it was called off before its time", dial: { code: "canceled" } } as const)
      : ({ reason: "api-request" } as const);
    await deps.calls.markEnded(id, { ...how, endedAt: deps.clock.now().toISOString(), durationMs: 0 });
  }
  return readCall(deps.calls, workspaceId, id);
}
