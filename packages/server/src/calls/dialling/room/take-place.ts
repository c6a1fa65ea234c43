import { AppError } from "../../../app-error.ts";
import { pause, type WallClock } from "../../../wall-clock.ts";
import type { WorkspaceStore } from "../../../workspaces/store.ts";
import type { Call } from "../../call.ts";
import type { CallHold } from "../../call-row.ts";
import type { CallStore, PlaceOptions } from "../../store.ts";
import { findCallingRules } from "../check-destination.ts";
import type { Room } from "./store.ts";

/** A call that comes a moment too early waits so long; then it is refused. */
const MOST_WAIT_MS = 2_000;
const LOOK_EVERY_MS = 200;

/** For a call that a workspace places. */
export async function findRoom(
  deps: { readonly workspaces: Pick<WorkspaceStore, "find"> },
  workspaceId: string,
): Promise<Room> {
  const { maxCalls, maxCallsPerSecond } = await findCallingRules(deps, workspaceId);
  return { maxCalls, maxCallsPerSecond };
}

/**
 * Stores the call once its workspace may have another one.
 * @throws AppError `too_many_calls` with `details.reason`: `workspace_full` or `workspace_rate`; `conflict` when a scheduled
 *   one has been placed or called off
 */
export async function takePlace(
  { calls, clock }: { readonly calls: Pick<CallStore, "place">; readonly clock: WallClock },
  call: Call,
  hold: CallHold,
  options: PlaceOptions,
): Promise<void> {
  const { maxCalls, maxCallsPerSecond } = options.room ?? {};
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const placedAt = call.direction === "outbound" ? { placedAt: clock.now() } : {};
    const placement = await calls.place(call, { ...hold, ...placedAt }, options);
    if (placement === "placed") return;
    if (placement === "over") throw new AppError("conflict", "the call has been placed or called off");
    if (placement === "workspace_full")
      throw tooMany(placement, `the workspace has its ${maxCalls} calls under way (calling.maxCalls)`);
    if (waitedMs >= MOST_WAIT_MS)
      throw tooMany(placement, `more than ${maxCallsPerSecond} calls a second (calling.maxCallsPerSecond)`);
    await pause(clock, LOOK_EVERY_MS);
  }
}

function tooMany(reason: "workspace_full" | "workspace_rate", message: string): AppError {
  return new AppError("too_many_calls", `${message}; try again later`, { details: { reason } });
}
