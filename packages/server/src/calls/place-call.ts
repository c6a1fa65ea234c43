/** Phone calls that an agent places: to the numbers of this installation, or through the trunk of the one that calls. */
import { invalidField } from "../app-error.ts";
import { newId } from "../new-id.ts";
import { findForAgent } from "../phone-numbers/find-phone-number.ts";
import { isEmergencyNumber } from "../phone-numbers/is-emergency-number.ts";
import { parsePhoneNumber } from "../phone-numbers/parse-phone-number.ts";
import type { PhoneNumber } from "../phone-numbers/phone-number.ts";
import type { PhoneNumberStore } from "../phone-numbers/store.ts";
import type { AnswerCall } from "./answer-call.ts";
import type { Call, NewCall } from "./call.ts";
import { checkVariables } from "./check-variables.ts";
import { type AgentChoice, type AgentOfCall, chooseAgent, toCallAgent } from "./choose-agent.ts";
import type { CreateCallDeps } from "./create-call.ts";
import type { Dialler } from "./dialler.ts";
import { type Failure, giveUp } from "./give-up.ts";
import { holdCall } from "./hold-call.ts";

export type PlaceCallDeps = CreateCallDeps & {
  readonly phoneNumbers: PhoneNumberStore;
  readonly answerCall: AnswerCall;
  /** Default: no telephone is reached. */
  readonly dialler?: Dialler;
};

export type PlaceCallRequest = Pick<NewCall, "variables" | "metadata" | "fromNumberId"> &
  AgentChoice & {
    readonly workspaceId: string;
    /** As the client wrote it. */
    readonly to: string;
    readonly sent?: Call["sent"];
    /** Refuses the call when a variable is missing. Default false. */
    readonly strict?: boolean;
  };

export type PlacedCall = Call & {
  /** Names that have neither a value nor a default; absent: none. */
  readonly missingVariables?: string[];
};

/**
 * Places a call with the agent's latest deployed version. A number that can't be reached ends the call, with a reason; it
 * doesn't throw.
 * @returns the call: active when it was answered, ringing, or ended
 * @throws AppError `invalid_request` naming `to` or `fromNumberId`; `not_found`, `agent_inactive`, `too_many_calls`,
 *   `not_ready`, `missing_variables`
 */
export async function placeCall(deps: PlaceCallDeps, request: PlaceCallRequest): Promise<PlacedCall> {
  const { workspaceId, variables, metadata, sent = {} } = request;
  const to = toDestination(request.to);
  const agent = await chooseAgent(deps.agents, workspaceId, request, "deployed");
  const from = await chooseNumber(deps.phoneNumbers, request);
  const now = deps.clock.now();
  const call: Call = {
    ...toCallAgent(agent),
    id: newId("call", now.getTime()),
    workspaceId,
    direction: "outbound",
    fromNumber: from.phoneNumber,
    toNumber: to,
    phoneNumberId: from.id,
    pace: "real",
    ...{ variables, metadata, sent },
    status: "ringing",
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
  };
  const missing = checkVariables(agent.settings, call, { isStrict: request.strict });
  await holdCall(deps, call, agent);
  const failure = await connect(deps, call, { caller: agent, from });
  if (failure !== undefined) await giveUp(deps, call.id, failure);
  const placed = (await deps.calls.find(workspaceId, call.id)) ?? call;
  return missing.length === 0 ? placed : { ...placed, missingVariables: [...missing] };
}

/** Rings the other side; what it answers is why the call is over, or undefined when they talk or it rings. */
async function connect(
  deps: PlaceCallDeps,
  call: Call,
  { caller, from }: { readonly caller: AgentOfCall; readonly from: PhoneNumber },
): Promise<Failure | undefined> {
  const number = await deps.phoneNumbers.findActive(call.toNumber ?? "");
  if (number?.agentId === undefined && (await deps.dialler?.dial(call, from)) === true) return undefined;
  if (number === undefined)
    return {
      reason: "no-carrier",
      error: `${call.toNumber} is not a number of this server, and ${call.fromNumber} has no SIP trunk to reach it through`,
    };
  if (number.agentId === undefined) return { reason: "no-answer", error: `no agent answers ${call.toNumber}` };
  const inbound = toInbound(deps, call, number);
  const answer = await deps.answerCall({ call: inbound, number, callerName: caller.settings.businessName });
  if (!("agent" in answer)) return { reason: "rejected", error: answer.rejected };
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
  const { agentId: _agent, agentRevision: _revision, agentVersion: _version, ...rest } = call;
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

function toDestination(text: string): string {
  if (isEmergencyNumber(text))
    throw invalidField("to", "must not be an emergency or service number: agents never call those");
  const parsed = parsePhoneNumber(text)?.phoneNumber;
  if (parsed !== undefined) return parsed;
  // Numbering plans change: whether somebody has the number is the carrier's to say.
  if (/^\+[1-9]\d{6,14}$/.test(text)) return text;
  throw invalidField("to", "must be a phone number in E.164, such as +12125550100");
}

async function chooseNumber(store: PhoneNumberStore, request: PlaceCallRequest): Promise<PhoneNumber> {
  const { workspaceId, fromNumberId, agentId } = request;
  if (fromNumberId !== undefined) {
    const number = await store.find(workspaceId, fromNumberId);
    if (number?.status === "active") return number;
    throw invalidField("fromNumberId", "must be an active phone number of this workspace");
  }
  const own = agentId === undefined ? undefined : await findForAgent(store, workspaceId, agentId);
  const [any] = own === undefined ? await store.list(workspaceId, { status: "active", limit: 1 }) : [own];
  if (any === undefined)
    throw invalidField("fromNumberId", "the workspace has no phone number to call from: create one first");
  return any;
}
