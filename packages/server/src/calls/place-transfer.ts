/** Transfers: to the agents and softphones of this installation, and elsewhere by the trunk or by a second call. */

import type { TransferOrder, TransferOutcome } from "@earshot/engine";
import { dialledUser, isEmergencyNumber } from "../phone-numbers/is-emergency-number.ts";
import { parsePhoneNumber } from "../phone-numbers/parse-phone-number.ts";
import type { PhoneNumber } from "../phone-numbers/phone-number.ts";
import type { AnswerCall } from "./answer-call.ts";
import type { Call } from "./call.ts";
import { type CallPersonDeps, callPerson } from "./call-person.ts";
import { toCallAgent } from "./choose-agent.ts";
import { type CheckDestinationDeps, checkDestination } from "./dialling/check-destination.ts";
import { holdCall } from "./hold-call.ts";
import { newRingingCall } from "./new-ringing-call.ts";

export type PlaceTransferDeps = CallPersonDeps &
  CheckDestinationDeps & {
    readonly answerCall: AnswerCall;
    /** Sends the far end of a call elsewhere, where it can be sent; undefined where it can't. Default: nowhere. */
    readonly refer?: Refer;
  };

export type Refer = (
  callId: string,
  destination: string,
) => Promise<{ readonly outcome: TransferOutcome; readonly message?: string } | undefined>;

export type PlacedTransfer =
  /** The call waits for its far end: it may be handed over to it, or must be ended. */
  | { readonly outcome: "answered"; readonly callId: string; readonly isRelay?: true }
  /** The far end talks to somebody else by now. */
  | { readonly outcome: "referred" }
  | { readonly outcome: Exclude<TransferOutcome, "answered">; readonly message?: string };

/** Rings the destination. Never throws: what goes wrong is told to the agent. */
export async function placeTransfer(
  deps: PlaceTransferDeps,
  callId: string,
  order: TransferOrder,
): Promise<PlacedTransfer> {
  try {
    return await ring(deps, callId, order);
  } catch (error) {
    return { outcome: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}

async function ring(deps: PlaceTransferDeps, callId: string, order: TransferOrder): Promise<PlacedTransfer> {
  const { destination } = order;
  if (isEmergencyNumber(destination)) return { outcome: "rejected", message: "agents never call emergency numbers" };
  const call = await deps.calls.findAnywhere(callId);
  if (call === undefined) return { outcome: "failed", message: "the call is gone" };
  if (/^sips?:/i.test(destination)) return ringUri(deps, call, destination);
  const to = parsePhoneNumber(destination)?.phoneNumber ?? destination;
  const number = await deps.phoneNumbers.findActive(to);
  if (number?.agentId !== undefined) return ringAgent(deps, call, { ...number, agentId: number.agentId }, order);
  return number === undefined ? ringOutside(deps, call, to, order) : ringSoftphone(deps, call, to, order);
}

async function ringUri(deps: PlaceTransferDeps, call: Call, uri: string): Promise<PlacedTransfer> {
  const digits = /^\+?(\d{7,15})$/.exec(dialledUser(uri).replaceAll(/[\s().-]/g, ""))?.[1];
  const refusal = digits === undefined ? undefined : await checkDestination(deps, call.workspaceId, `+${digits}`);
  if (refusal !== undefined) return { outcome: "rejected", message: refusal.error };
  const referred = await refer(deps, call.id, uri);
  return referred ?? { outcome: "unreachable", message: "the caller is on no telephone" };
}

/** A trunk may make a cold transfer by itself; what it won't do, and a warm one, is a second call. */
async function ringOutside(
  deps: PlaceTransferDeps,
  call: Call,
  to: string,
  order: TransferOrder,
): Promise<PlacedTransfer> {
  const refusal = await checkDestination(deps, call.workspaceId, to);
  if (refusal !== undefined) return { outcome: "rejected", message: refusal.error };
  const referred = order.mode === "cold" ? await refer(deps, call.id, to) : undefined;
  if (referred !== undefined && referred.outcome !== "not-supported") return referred;
  const message = `${to} is not a number of this server, and no carrier is connected`;
  return (await callOut(deps, call, to, order)) ?? referred ?? { outcome: "unreachable", message };
}

async function ringSoftphone(
  deps: PlaceTransferDeps,
  call: Call,
  to: string,
  order: TransferOrder,
): Promise<PlacedTransfer> {
  return (await callOut(deps, call, to, order)) ?? { outcome: "no-answer", message: `no agent answers ${to}` };
}

async function callOut(
  deps: PlaceTransferDeps,
  call: Call,
  to: string,
  order: TransferOrder,
): Promise<PlacedTransfer | undefined> {
  if (call.pace === "fast") return undefined;
  return callPerson(deps, call, to, order);
}

async function ringAgent(
  deps: PlaceTransferDeps,
  call: Call,
  number: PhoneNumber,
  { mode, briefing }: TransferOrder,
): Promise<PlacedTransfer> {
  const inbound = toInbound(deps, call, number);
  const answer = await deps.answerCall({ call: inbound, number, callerName: "" });
  if (!("agent" in answer)) return { outcome: "rejected", message: answer.rejected };
  const answering: Call = {
    ...inbound,
    ...toCallAgent(answer.agent),
    variables: answer.variables,
    sent: answer.sent ?? {},
  };
  await holdCall(deps, answering, answer.agent, mode === "warm" && briefing !== undefined ? { briefing } : {});
  return { outcome: "answered", callId: answering.id };
}

async function refer(deps: PlaceTransferDeps, callId: string, to: string): Promise<PlacedTransfer | undefined> {
  const referred = await deps.refer?.(callId, to);
  if (referred === undefined) return undefined;
  const { outcome, ...more } = referred;
  return outcome === "answered" ? { outcome: "referred" } : { outcome, ...more };
}

/** The caller keeps their number, and the pace of their line. */
function toInbound(deps: PlaceTransferDeps, call: Call, number: PhoneNumber): Call {
  const from = call.direction === "outbound" ? call.toNumber : call.fromNumber;
  return newRingingCall(deps.clock, {
    workspaceId: number.workspaceId,
    agentName: "",
    direction: "inbound",
    ...(from === undefined ? {} : { fromNumber: from }),
    toNumber: number.phoneNumber,
    phoneNumberId: number.id,
    peerCallId: call.id,
    pace: call.pace,
  });
}
