/** Calls that come in from outside: who answers. */

import type { AgentStore } from "../agents/store.ts";
import type { PhoneNumber } from "../phone-numbers/phone-number.ts";
import type { AnswerCall } from "./answer-call.ts";
import type { Call } from "./call.ts";
import { holdWithoutToken } from "./call-token.ts";
import { type AgentOfCall, chooseAgent, toCallAgent } from "./choose-agent.ts";
import type { Failure } from "./give-up.ts";
import { type HoldCallDeps, holdCall } from "./hold-call.ts";
import { newRingingCall } from "./new-ringing-call.ts";

export type TakeCallDeps = HoldCallDeps & { readonly agents: AgentStore; readonly answerCall: AnswerCall };

export type CallTaker =
  | { readonly number: PhoneNumber }
  /** An agent that is called by its own name. */
  | { readonly workspaceId: string; readonly agentId: string };

export type IncomingCallRequest = {
  readonly taker: CallTaker;
  readonly fromNumber: string;
  readonly toNumber: string;
  readonly callerName: string;
  readonly variables: Call["variables"];
};

/** The call waits for its far end, or nobody takes it; then it is over, and listed with the reason. */
export type TakenCall = { readonly call: Call; readonly failure?: Failure };

/** @throws AppError `too_many_calls`, `not_ready`; `not_found` and `agent_inactive` for an agent called by its name */
export async function takeCall(deps: TakeCallDeps, request: IncomingCallRequest): Promise<TakenCall> {
  const { taker, callerName, variables } = request;
  const call = toCall(deps, request);
  if (!("number" in taker)) {
    const agent = await chooseAgent(deps.agents, taker.workspaceId, taker, "deployed");
    return { call: await hold(deps, { ...call, variables }, agent) };
  }
  const { number } = taker;
  if (number.agentId === undefined)
    return miss(deps, call, { reason: "no-answer", error: `no agent answers ${number.phoneNumber}` });
  const answer = await deps.answerCall({ call, number, callerName });
  if (!("agent" in answer)) return miss(deps, call, { reason: "rejected", error: answer.rejected });
  const answering = { ...call, variables: { ...variables, ...answer.variables }, sent: answer.sent ?? {} };
  return { call: await hold(deps, answering, answer.agent) };
}

async function hold(deps: TakeCallDeps, call: Call, agent: AgentOfCall): Promise<Call> {
  const answering: Call = { ...call, ...toCallAgent(agent) };
  await holdCall(deps, answering, agent);
  return answering;
}

async function miss(deps: TakeCallDeps, call: Call, failure: Failure): Promise<TakenCall> {
  await deps.calls.insert(call, holdWithoutToken(deps, call.id));
  await deps.calls.markEnded(call.id, { ...failure, endedAt: call.createdAt, durationMs: 0 });
  return { call, failure };
}

function toCall(deps: TakeCallDeps, { taker, fromNumber, toNumber }: IncomingCallRequest): Call {
  const number = "number" in taker ? taker.number : undefined;
  return newRingingCall(deps.clock, {
    workspaceId: "number" in taker ? taker.number.workspaceId : taker.workspaceId,
    agentName: "",
    direction: "inbound",
    ...{ fromNumber, toNumber },
    ...(number === undefined ? {} : { phoneNumberId: number.id }),
    pace: "real",
  });
}
