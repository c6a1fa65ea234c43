/** Calls a person for a caller who is to be connected with them. */

import type { TransferOrder, TransferOutcome } from "@earshot/engine";
import { type AgentSettings, newAgentShape } from "../agents/agent.ts";
import type { AgentStore } from "../agents/store.ts";
import type { PhoneNumber } from "../phone-numbers/phone-number.ts";
import type { PhoneNumberStore } from "../phone-numbers/store.ts";
import type { Call, CallEndReason } from "./call.ts";
import type { Ring } from "./dialler.ts";
import { findRoom } from "./dialling/room/take-place.ts";
import { giveUp } from "./give-up.ts";
import { type HoldCallDeps, holdCall } from "./hold-call.ts";
import { newRingingCall } from "./new-ringing-call.ts";
import { readHeldAgent } from "./read-held-agent.ts";

export type CallPersonDeps = HoldCallDeps &
  Parameters<typeof findRoom>[0] & {
    readonly phoneNumbers: PhoneNumberStore;
    readonly agents: AgentStore;
    /** Default: nobody can be reached. */
    readonly ring?: Ring;
    /** Resolves once a call is over. */
    readonly whenOver?: (callId: string) => Promise<void>;
  };

export type CalledPerson =
  /** They have answered; once they are told the briefing they may be connected. */
  | { readonly outcome: "answered"; readonly callId: string; readonly isRelay: true }
  | { readonly outcome: Exclude<TransferOutcome, "answered">; readonly message?: string };

/** The caller hears nothing meanwhile; less than a transfer may take. */
const RING_MS = 40_000;
const NUMBERS_LOOKED_AT = 100;

const OUTCOMES: Readonly<Partial<Record<CallEndReason, Exclude<TransferOutcome, "answered">>>> = {
  busy: "busy",
  "no-answer": "no-answer",
  rejected: "rejected",
  unreachable: "unreachable",
  "no-carrier": "unreachable",
};

/** Undefined when nothing leads there. @throws AppError `too_many_calls`, `not_ready` */
export async function callPerson(
  deps: CallPersonDeps,
  caller: Call,
  to: string,
  order: TransferOrder,
): Promise<CalledPerson | undefined> {
  const from = await chooseNumber(deps.phoneNumbers, caller);
  if (deps.ring === undefined || from === undefined) return undefined;
  const settings = toBriefer((await readHeldAgent(deps, caller)) ?? newAgentShape.parse({ name: caller.agentName }));
  const call = toCall(deps, caller, { to, from });
  const briefing = order.mode === "warm" ? order.briefing : undefined;
  const room = await findRoom(deps, caller.workspaceId);
  const relay = { callId: caller.id, ...(briefing === undefined ? {} : { briefing }) };
  await holdCall(deps, call, { agentName: caller.agentName, settings, isOwn: true }, { relay, room });
  let isOver = false;
  void deps.whenOver?.(caller.id).then(async () => {
    if (!isOver) await giveUp(deps, call.id, { reason: "canceled", error: "the caller hung up" });
  });
  const dialled = await deps.ring(call, from, { ringTimeoutMs: RING_MS });
  isOver = true;
  if (dialled === undefined) {
    const error = `${to} is not a number of this server, and neither a SIP trunk nor a carrier leads to it`;
    await giveUp(deps, call.id, { reason: "no-carrier", error, dial: { code: "no_trunk" } });
    return undefined;
  }
  if (dialled.kind === "answered") return { outcome: "answered", callId: call.id, isRelay: true };
  const { reason, error } = dialled.failure;
  return { outcome: OUTCOMES[reason] ?? "failed", message: error };
}

/** The number that the caller called or was called from, where it leads outside; else one that does, a trunk's first. */
async function chooseNumber(store: PhoneNumberStore, caller: Call): Promise<PhoneNumber | undefined> {
  const { workspaceId, phoneNumberId } = caller;
  const own = phoneNumberId === undefined ? undefined : await store.find(workspaceId, phoneNumberId);
  if (own?.status === "active" && leadsOutside(own)) return own;
  const all = await store.list(workspaceId, { status: "active", limit: NUMBERS_LOOKED_AT });
  return all.find(({ sipTrunkId }) => sipTrunkId !== undefined) ?? all.find(leadsOutside) ?? own ?? all[0];
}

function leadsOutside({ sipTrunkId, carrierAccountId }: PhoneNumber): boolean {
  return sipTrunkId !== undefined || carrierAccountId !== undefined;
}

function toCall(
  deps: CallPersonDeps,
  caller: Call,
  { to, from }: { readonly to: string; readonly from: PhoneNumber },
): Call {
  return newRingingCall(deps.clock, {
    workspaceId: caller.workspaceId,
    agentName: caller.agentName,
    direction: "outbound",
    fromNumber: from.phoneNumber,
    toNumber: to,
    phoneNumberId: from.id,
    peerCallId: caller.id,
    pace: "real",
    variables: caller.variables,
  });
}

/** The agent's voice, which says what it is told and nothing else. */
function toBriefer({ name, language, voice, models, pronunciations }: AgentSettings): AgentSettings {
  return newAgentShape.parse({
    ...{ name, language, voice, pronunciations, models: { textToSpeech: models.textToSpeech } },
    greeting: { mode: "off" },
    isRecorded: false,
  });
}
