import { AppError } from "../../app-error.ts";
import { pause, type WallClock } from "../../wall-clock.ts";
import type { WorkspaceStore } from "../../workspaces/store.ts";
import type { CallStore } from "../store.ts";
import { findCallingRules } from "./check-destination.ts";

/** A call that comes a moment too early waits so long; then it is refused. */
const MOST_WAIT_MS = 2_000;
const LOOK_EVERY_MS = 200;

/**
 * Resolves once the workspace may place another call.
 * @throws AppError `too_many_calls` with `details.reason`: `workspace_full` or `workspace_rate`
 */
export async function waitForRoom(
  deps: {
    readonly workspaces: Pick<WorkspaceStore, "find">;
    readonly calls: Pick<CallStore, "count">;
    readonly clock: WallClock;
  },
  workspaceId: string,
): Promise<void> {
  const { calls, clock } = deps;
  const { maxCalls, maxCallsPerSecond } = await findCallingRules(deps, workspaceId);
  if (maxCalls !== undefined) {
    const placed = await calls.count(workspaceId, { statuses: ["ringing", "active"], directions: ["outbound"] });
    if (placed >= maxCalls)
      throw tooMany("workspace_full", `the workspace has its ${maxCalls} calls under way (calling.maxCalls)`);
  }
  if (maxCallsPerSecond === undefined) return;
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const createdFrom = clock.at(clock.now().getTime() - 1_000);
    const recent = await calls.count(workspaceId, { directions: ["outbound"], createdFrom });
    if (recent < maxCallsPerSecond) return;
    if (waitedMs >= MOST_WAIT_MS)
      throw tooMany("workspace_rate", `more than ${maxCallsPerSecond} calls a second (calling.maxCallsPerSecond)`);
    await pause(clock, LOOK_EVERY_MS);
  }
}

function tooMany(reason: "workspace_full" | "workspace_rate", message: string): AppError {
  return new AppError("too_many_calls", `${message}; try again later`, { details: { reason } });
}
