/** Transfers: to the numbers of this installation, and elsewhere by sending the caller's telephone there. */

import type { TransferOrder, TransferOutcome } from "@earshot/engine";
import { newId } from "../new-id.ts";
import { isEmergencyNumber } from "../phone-numbers/is-emergency-number.ts";
import { parsePhoneNumber } from "../phone-numbers/parse-phone-number.ts";
import type { PhoneNumber } from "../phone-numbers/phone-number.ts";
import type { PhoneNumberStore } from "../phone-numbers/store.ts";
import type { AnswerCall } from "./answer-call.ts";
import type { Call } from "./call.ts";
import { toCallAgent } from "./choose-agent.ts";
import type { Ring } from "./dialler.ts";
import { type HoldCallDeps, holdCall } from "./hold-call.ts";

export type PlaceTransferDeps = HoldCallDeps & {
  readonly phoneNumbers: PhoneNumberStore;
  readonly answerCall: AnswerCall;
  /** Sends the far end of a call elsewhere, where it can be sent; undefined where it can't. Default: nowhere. */
  readonly refer?: Refer;
  /** Calls somebody outside. Default: nobody can be reached. */
  readonly ring?: Ring;
  /** Resolves once a call is over. */
  readonly whenOver?: (callId: string) => Promise<void>;
};

export type Refer = (
  callId: string,
  destination: string,
) => Promise<{ readonly outcome: TransferOutcome; readonly message?: string } | undefined>;

export type PlacedTransfer =
  /** The call waits for its far end: it may be handed over to it, or must be ended. */
  | { readonly outcome: "answered"; readonly callId: string }
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
  const { destination, briefing } = order;
  if (isEmergencyNumber(destination)) return { outcome: "rejected", message: "agents never call emergency numbers" };
  if (/^sips?:/i.test(destination))
    return (
      (await refer(deps, callId, destination)) ?? { outcome: "unreachable", message: "the caller is on no telephone" }
    );
  const call = await deps.calls.findAnywhere(callId);
  if (call === undefined) return { outcome: "failed", message: "the call is gone" };
  const to = parsePhoneNumber(destination)?.phoneNumber ?? destination;
  const number = await deps.phoneNumbers.findActive(to);
  if (number === undefined) {
    const message = `${to} is not a number of this server, and no carrier is connected`;
    return (await refer(deps, callId, to)) ?? { outcome: "unreachable", message };
  }
  if (number.agentId === undefined) return { outcome: "no-answer", message: `no agent answers ${to}` };
  const inbound = toInbound(deps, call, number);
  const answer = await deps.answerCall({ call: inbound, number, callerName: "" });
  if (!("agent" in answer)) return { outcome: "rejected", message: answer.rejected };
  const answering: Call = {
    ...inbound,
    ...toCallAgent(answer.agent),
    variables: answer.variables,
    sent: answer.sent ?? {},
  };
  await holdCall(deps, answering, answer.agent, order.mode === "warm" && briefing !== undefined ? { briefing } : {});
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
  const now = deps.clock.now();
  const from = call.direction === "outbound" ? call.toNumber : call.fromNumber;
  return {
    id: newId("call", now.getTime()),
    workspaceId: number.workspaceId,
    agentName: "",
    direction: "inbound",
    ...(from === undefined ? {} : { fromNumber: from }),
    toNumber: number.phoneNumber,
    phoneNumberId: number.id,
    peerCallId: call.id,
    pace: call.pace,
    variables: {},
    metadata: {},
    sent: {},
    status: "ringing",
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
  };
}
