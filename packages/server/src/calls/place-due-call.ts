import { AppError } from "../app-error.ts";
import { refuse } from "./dialling/judge-destination.ts";
import type { Failure } from "./give-up.ts";
import { type PlaceCallDeps, placeNow } from "./place-call.ts";
import { prepareCall } from "./prepare-call.ts";
import { latestMs, type ScheduledRequest } from "./schedule-call.ts";

/**
 * Places a scheduled call with what holds by then: the agent's version, the numbers, the rules. Idempotent; a call that
 * was called off stays so, and one whose time has passed is given up.
 * @throws AppError `too_many_calls`, `not_ready`: try again
 */
export async function placeDueCall(deps: PlaceCallDeps, callId: string, request: ScheduledRequest): Promise<void> {
  const waiting = await deps.calls.findAnywhere(callId);
  if (waiting?.status !== "created" || waiting.startAt === undefined) return;
  const giveUp = (failure: Failure) =>
    deps.calls.markEnded(callId, { ...failure, endedAt: deps.clock.now().toISOString(), durationMs: 0 });
  if (deps.clock.now().getTime() > latestMs(request)) {
    const error = `it was to be placed at ${waiting.startAt}, and the server could not do so in time`;
    await giveUp({ ...refuse("start_missed", error), reason: "canceled" });
    return;
  }
  try {
    const { call, ...prepared } = await prepareCall(deps, request, callId);
    const due = { ...call, createdAt: waiting.createdAt, startAt: waiting.startAt, metadata: waiting.metadata };
    await placeNow(deps, { ...prepared, call: due }, { ...request, isScheduled: true });
  } catch (error) {
    if (!(error instanceof AppError) || ["too_many_calls", "not_ready"].includes(error.code)) throw error;
    await giveUp(refuse("start_failed", error.message));
  }
}
