import type { SipRequest, SipResponse } from "../message/sip-message.ts";
import type { Step, TransactionOutput } from "./machine.ts";
import { T1_MS, T2_MS, T4_MS, TIMEOUT_MS, type TimerName } from "./timers.ts";

/**
 * Non-INVITE client transaction, RFC 3261 section 17.1.2.
 *
 *     trying -1xx-> proceeding -200-699-> completed -K-> terminated
 *        +---200-699----------------------^
 *        +-F-> terminated (from proceeding too)
 */
export type NonInviteClientState = {
  readonly phase: "trying" | "proceeding" | "completed" | "terminated";
  readonly request: SipRequest;
  readonly isReliable: boolean;
  readonly retryMs: number;
};

export type NonInviteClientInput =
  | { readonly kind: "response"; readonly response: SipResponse }
  | { readonly kind: "timer"; readonly timer: TimerName }
  | { readonly kind: "transport-failed" };

export function startNonInviteClient(request: SipRequest, isReliable: boolean): Step<NonInviteClientState> {
  const outputs: TransactionOutput[] = [
    { kind: "send", message: request },
    { kind: "start-timer", timer: "F", delayMs: TIMEOUT_MS },
  ];
  if (!isReliable) outputs.push({ kind: "start-timer", timer: "E", delayMs: T1_MS });
  return { state: { phase: "trying", request, isReliable, retryMs: T1_MS }, outputs };
}

export function stepNonInviteClient(
  state: NonInviteClientState,
  input: NonInviteClientInput,
): Step<NonInviteClientState> {
  if (state.phase === "terminated") return { state, outputs: [] };
  if (state.phase === "completed") {
    if (input.kind !== "timer" || input.timer !== "K") return { state, outputs: [] };
    return { state: { ...state, phase: "terminated" }, outputs: [ENDED] };
  }
  switch (input.kind) {
    case "response":
      return onResponse(state, input.response);
    case "timer":
      return onTimer(state, input.timer);
    case "transport-failed":
      return fail(state, "transport");
  }
}

const ENDED: TransactionOutput = { kind: "ended" };
const STOP: readonly TransactionOutput[] = [
  { kind: "stop-timer", timer: "E" },
  { kind: "stop-timer", timer: "F" },
];

function onResponse(state: NonInviteClientState, response: SipResponse): Step<NonInviteClientState> {
  const deliver: TransactionOutput = { kind: "deliver", response };
  if (response.status < 200) return { state: { ...state, phase: "proceeding" }, outputs: [deliver] };
  if (state.isReliable) return { state: { ...state, phase: "terminated" }, outputs: [...STOP, deliver, ENDED] };
  const timer: TransactionOutput = { kind: "start-timer", timer: "K", delayMs: T4_MS };
  return { state: { ...state, phase: "completed" }, outputs: [...STOP, timer, deliver] };
}

function onTimer(state: NonInviteClientState, timer: TimerName): Step<NonInviteClientState> {
  if (timer === "F") return fail(state, "timeout");
  if (timer !== "E") return { state, outputs: [] };
  const retryMs = state.phase === "proceeding" ? T2_MS : Math.min(state.retryMs * 2, T2_MS);
  return {
    state: { ...state, retryMs },
    outputs: [
      { kind: "send", message: state.request },
      { kind: "start-timer", timer: "E", delayMs: retryMs },
    ],
  };
}

function fail(state: NonInviteClientState, reason: "timeout" | "transport"): Step<NonInviteClientState> {
  return { state: { ...state, phase: "terminated" }, outputs: [...STOP, { kind: "failed", reason }, ENDED] };
}
