import type { WallClock } from "../wall-clock.ts";
import type { CallEndReason } from "./call.ts";
import type { CallControl } from "./call-control.ts";
import type { Dial } from "./dialling/dial.ts";
import type { CallStore } from "./store.ts";

/** Why a call never came about. */
export type Failure = { readonly reason: CallEndReason; readonly error: string; readonly dial?: Dial };

/** Ends a call that nobody has begun to talk in. Without effect on one that has ended. */
export async function giveUp(
  deps: { readonly calls: CallStore; readonly control: CallControl; readonly clock: WallClock },
  callId: string,
  failure: Failure,
): Promise<void> {
  const endedAt = deps.clock.now().toISOString();
  await deps.calls.markEnded(callId, { ...failure, endedAt, durationMs: 0 });
  await deps.control.end(callId, "api-request");
}
