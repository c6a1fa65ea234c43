/** Calls that are placed at a time of their own. */
import { AppError, invalidField } from "../app-error.ts";
import { toEpochMs, type WallClock } from "../wall-clock.ts";
import type { Call } from "./call.ts";
import { holdWithoutToken } from "./call-token.ts";
import type { PlaceCallRequest, PreparedCall } from "./prepare-call.ts";
import type { CallStore } from "./store.ts";

/** Has `placeDueCall` done with the request once it is time, also when the process is another by then. */
export type ScheduleCall = (callId: string, request: ScheduledRequest, at: string) => Promise<void>;
export type ScheduledRequest = PlaceCallRequest & { readonly startAt: string };

type ScheduleDeps = {
  readonly calls: CallStore;
  readonly clock: WallClock;
  readonly nodeId: string;
  readonly schedule?: ScheduleCall;
};

const YEAR_MS = 366 * 86_400_000;
/** How much too late a call is still wanted, where nothing else is said. */
const PATIENCE_MS = 15 * 60_000;

/** @throws AppError `invalid_request` naming `startAt` or `startBefore`; `not_supported` where nothing keeps calls */
export async function scheduleCall(
  deps: ScheduleDeps,
  { call }: PreparedCall,
  request: ScheduledRequest,
): Promise<Call> {
  const startAtMs = toEpochMs(request.startAt);
  const waitMs = startAtMs - deps.clock.now().getTime();
  if (waitMs > YEAR_MS) throw invalidField("startAt", "must be within a year");
  if (latestMs(request) <= startAtMs) throw invalidField("startBefore", "must be after startAt");
  if (latestMs(request) <= deps.clock.now().getTime()) throw invalidField("startAt", "must not have passed");
  const { schedule } = deps;
  if (schedule === undefined) throw new AppError("not_supported", "this server keeps no scheduled calls");
  const startAt = deps.clock.at(startAtMs).toISOString();
  const waiting: Call = { ...call, status: "created", startAt };
  await deps.calls.insert(waiting, holdWithoutToken(deps, call.id));
  await schedule(call.id, request, startAt);
  return waiting;
}

/** When it is too late for the call. */
export function latestMs({ startAt, startBefore }: ScheduledRequest): number {
  return startBefore === undefined ? toEpochMs(startAt) + PATIENCE_MS : toEpochMs(startBefore);
}
