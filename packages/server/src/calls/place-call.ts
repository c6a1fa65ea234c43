/** Phone calls that an agent places: to the numbers of this installation, or through the trunk of the one that calls. */
import { newId } from "../new-id.ts";
import type { PhoneNumber } from "../phone-numbers/phone-number.ts";
import type { AnswerCall } from "./answer-call.ts";
import type { Call } from "./call.ts";
import { holdWithoutToken } from "./call-token.ts";
import { type AgentOfCall, toCallAgent } from "./choose-agent.ts";
import type { CreateCallDeps } from "./create-call.ts";
import type { Dialler, DialOptions } from "./dialler.ts";
import { type CheckDestinationDeps, checkDestination } from "./dialling/check-destination.ts";
import { findRoom } from "./dialling/room/take-place.ts";
import { type Failure, giveUp } from "./give-up.ts";
import { type HoldOptions, holdCall } from "./hold-call.ts";
import { type PlaceCallRequest, type PreparedCall, prepareCall } from "./prepare-call.ts";
import { type ScheduleCall, scheduleCall } from "./schedule-call.ts";

export type PlaceCallDeps = CreateCallDeps &
  CheckDestinationDeps &
  Parameters<typeof prepareCall>[0] & {
    readonly answerCall: AnswerCall;
    /** Default: no telephone is reached. */
    readonly dialler?: Dialler;
    /** Keeps a call until its time. Default: there are no scheduled calls. */
    readonly schedule?: ScheduleCall;
  };

export type PlacedCall = Call & {
  /** Names that have neither a value nor a default; absent: none. */
  readonly missingVariables?: string[];
};

/**
 * Places a call with the agent's latest deployed version, now or at `startAt`. A number that can't be reached, or must
 * not be called, ends the call, with a reason; it doesn't throw.
 * @returns the call: active when it was answered, ringing, created when it waits for its time, or ended
 * @throws AppError `invalid_request` naming `to`, `fromNumberId`, `callerId` or `startAt`; `not_found`, `agent_inactive`,
 *   `too_many_calls`, `not_ready`, `missing_variables`
 */
export async function placeCall(deps: PlaceCallDeps, request: PlaceCallRequest): Promise<PlacedCall> {
  const prepared = await prepareCall(deps, request);
  const { missingVariables: missing } = prepared;
  const placed =
    request.startAt === undefined
      ? await placeNow(deps, prepared, request)
      : await scheduleCall(deps, prepared, { ...request, startAt: request.startAt });
  return missing.length === 0 ? placed : { ...placed, missingVariables: [...missing] };
}

/** @throws AppError `too_many_calls`, `not_ready` */
export async function placeNow(
  deps: PlaceCallDeps,
  { call, agent, from }: PreparedCall,
  { ringTimeoutMs, headers, ...hold }: DialOptions & Pick<HoldOptions, "isScheduled">,
): Promise<Call> {
  const number = await deps.phoneNumbers.findActive(call.toNumber);
  const refusal = number === undefined ? await checkDestination(deps, call.workspaceId, call.toNumber) : undefined;
  if (refusal !== undefined) await refuseCall(deps, call, refusal, hold.isScheduled === true);
  else {
    await holdCall(deps, call, agent, { ...hold, room: await findRoom(deps, call.workspaceId) });
    const options = { ringTimeoutMs, headers };
    const failure = await connect(deps, call, { caller: agent, from, number, options });
    if (failure !== undefined) await giveUp(deps, call.id, failure);
  }
  return (await deps.calls.find(call.workspaceId, call.id)) ?? call;
}

/** It is listed, with the reason. */
async function refuseCall(deps: PlaceCallDeps, call: Call, refusal: Failure, isStored: boolean): Promise<void> {
  if (!isStored) await deps.calls.insert(call, holdWithoutToken(deps, call.id));
  await deps.calls.markEnded(call.id, { ...refusal, endedAt: call.createdAt, durationMs: 0 });
}

/** Rings the other side; what it answers is why the call is over, or undefined when they talk or it rings. */
async function connect(
  deps: PlaceCallDeps,
  call: Call,
  to: {
    readonly caller: AgentOfCall;
    readonly from: PhoneNumber;
    readonly number: PhoneNumber | undefined;
    readonly options: DialOptions;
  },
): Promise<Failure | undefined> {
  const { caller, from, number, options } = to;
  if (number?.agentId === undefined && (await deps.dialler?.dial(call, from, options)) === true) return undefined;
  if (number === undefined)
    return {
      reason: "no-carrier",
      error: `${call.toNumber} is not a number of this server, and ${from.phoneNumber} has neither a SIP trunk nor a carrier to reach it through`,
      dial: { code: "no_trunk" },
    };
  if (number.agentId === undefined)
    return { reason: "no-answer", error: `no agent answers ${call.toNumber}`, dial: { code: "no_answer" } };
  const inbound = toInbound(deps, call, number);
  const answer = await deps.answerCall({ call: inbound, number, callerName: caller.settings.businessName });
  if (!("agent" in answer)) return { reason: "rejected", error: answer.rejected, dial: { code: "rejected" } };
  const answering: Call = {
    ...inbound,
    ...toCallAgent(answer.agent),
    variables: answer.variables,
    sent: answer.sent ?? {},
  };
  await holdCall(deps, answering, answer.agent);
  if (await deps.control.bridge(call.id, inbound.id)) return undefined;
  await giveUp(deps, answering.id, { reason: "internal", error: "the calls could not be connected" });
  return { reason: "internal", error: "the calls could not be connected" };
}

function toInbound(deps: PlaceCallDeps, call: Call, number: PhoneNumber): Call {
  const { agentId: _agent, agentRevision: _revision, agentVersion: _version, startAt: _start, ...rest } = call;
  return {
    ...rest,
    id: newId("call", deps.clock.now().getTime()),
    workspaceId: number.workspaceId,
    agentName: "",
    direction: "inbound",
    phoneNumberId: number.id,
    peerCallId: call.id,
    variables: {},
    metadata: {},
    sent: {},
  };
}
