import type { SipResponse } from "../message/sip-message.ts";
import type { Step, TransactionOutput } from "./machine.ts";
import { TIMEOUT_MS, type TimerName } from "./timers.ts";

/**
 * Non-INVITE server transaction, RFC 3261 section 17.2.2.
 *
 *     trying -1xx-> proceeding -200-699-> completed -J-> terminated
 */
export type NonInviteServerState = {
  readonly phase: "trying" | "proceeding" | "completed" | "terminated";
  readonly isReliable: boolean;
  readonly last?: SipResponse;
};

export type NonInviteServerInput =
  | { readonly kind: "request" }
  | { readonly kind: "respond"; readonly response: SipResponse }
  | { readonly kind: "timer"; readonly timer: TimerName }
  | { readonly kind: "transport-failed" };

export function startNonInviteServer(isReliable: boolean): Step<NonInviteServerState> {
  return { state: { phase: "trying", isReliable }, outputs: [] };
}

export function stepNonInviteServer(
  state: NonInviteServerState,
  input: NonInviteServerInput,
): Step<NonInviteServerState> {
  if (state.phase === "terminated") return { state, outputs: [] };
  switch (input.kind) {
    case "request":
      return { state, outputs: state.last ? [{ kind: "send", message: state.last }] : [] };
    case "respond":
      return onRespond(state, input.response);
    case "timer":
      if (input.timer !== "J") return { state, outputs: [] };
      return { state: { ...state, phase: "terminated" }, outputs: [ENDED] };
    case "transport-failed":
      return { state: { ...state, phase: "terminated" }, outputs: [{ kind: "failed", reason: "transport" }, ENDED] };
  }
}

const ENDED: TransactionOutput = { kind: "ended" };

function onRespond(state: NonInviteServerState, response: SipResponse): Step<NonInviteServerState> {
  if (state.phase === "completed") return { state, outputs: [] };
  const send: TransactionOutput = { kind: "send", message: response };
  const answered = { ...state, last: response };
  if (response.status < 200) return { state: { ...answered, phase: "proceeding" }, outputs: [send] };
  if (state.isReliable) return { state: { ...answered, phase: "terminated" }, outputs: [send, ENDED] };
  const timer: TransactionOutput = { kind: "start-timer", timer: "J", delayMs: TIMEOUT_MS };
  return { state: { ...answered, phase: "completed" }, outputs: [send, timer] };
}
