import type { SipResponse } from "../message/sip-message.ts";
import type { Step, TransactionOutput } from "./machine.ts";
import { T1_MS, T2_MS, T4_MS, TIMEOUT_MS, type TimerName } from "./timers.ts";

/**
 * INVITE server transaction, RFC 3261 section 17.2.1 with the accepted state of RFC 6026. Repeating a 2xx is the
 * business of the call.
 *
 *     proceeding -2xx-> accepted -L-> terminated
 *        +---300-699-> completed -ACK-> confirmed -I-> terminated
 *                          +-H-> terminated
 */
export type InviteServerState = {
  readonly phase: "proceeding" | "accepted" | "completed" | "confirmed" | "terminated";
  readonly isReliable: boolean;
  readonly retryMs: number;
  /** What a repeated request gets again. */
  readonly last?: SipResponse;
};

export type InviteServerInput =
  /** The INVITE came again. */
  | { readonly kind: "request" }
  | { readonly kind: "ack" }
  | { readonly kind: "respond"; readonly response: SipResponse }
  | { readonly kind: "timer"; readonly timer: TimerName }
  | { readonly kind: "transport-failed" };

export function startInviteServer(isReliable: boolean): Step<InviteServerState> {
  return { state: { phase: "proceeding", isReliable, retryMs: T1_MS }, outputs: [] };
}

export function stepInviteServer(state: InviteServerState, input: InviteServerInput): Step<InviteServerState> {
  if (state.phase === "terminated") return { state, outputs: [] };
  switch (input.kind) {
    case "request": {
      const isOwed = state.phase === "proceeding" || state.phase === "completed";
      return { state, outputs: isOwed && state.last ? [{ kind: "send", message: state.last }] : [] };
    }
    case "ack":
      return onAck(state);
    case "respond":
      return onRespond(state, input.response);
    case "timer":
      return onTimer(state, input.timer);
    case "transport-failed":
      if (state.phase === "accepted") return { state, outputs: [] };
      return { state: { ...state, phase: "terminated" }, outputs: [{ kind: "failed", reason: "transport" }, ENDED] };
  }
}

const ENDED: TransactionOutput = { kind: "ended" };

function onAck(state: InviteServerState): Step<InviteServerState> {
  if (state.phase !== "completed") return { state, outputs: [] };
  const stop: TransactionOutput[] = [
    { kind: "stop-timer", timer: "G" },
    { kind: "stop-timer", timer: "H" },
  ];
  if (state.isReliable) return { state: { ...state, phase: "terminated" }, outputs: [...stop, ENDED] };
  return {
    state: { ...state, phase: "confirmed" },
    outputs: [...stop, { kind: "start-timer", timer: "I", delayMs: T4_MS }],
  };
}

function onRespond(state: InviteServerState, response: SipResponse): Step<InviteServerState> {
  const send: TransactionOutput = { kind: "send", message: response };
  if (state.phase === "accepted") {
    return { state, outputs: response.status >= 200 && response.status < 300 ? [send] : [] };
  }
  if (state.phase !== "proceeding") return { state, outputs: [] };
  const answered = { ...state, last: response };
  if (response.status < 200) return { state: answered, outputs: [send] };
  if (response.status < 300) {
    const timer: TransactionOutput = { kind: "start-timer", timer: "L", delayMs: TIMEOUT_MS };
    return { state: { ...answered, phase: "accepted" }, outputs: [send, timer] };
  }
  const outputs: TransactionOutput[] = [send, { kind: "start-timer", timer: "H", delayMs: TIMEOUT_MS }];
  if (!state.isReliable) outputs.push({ kind: "start-timer", timer: "G", delayMs: T1_MS });
  return { state: { ...answered, phase: "completed" }, outputs };
}

function onTimer(state: InviteServerState, timer: TimerName): Step<InviteServerState> {
  if (timer === "G" && state.phase === "completed" && state.last) {
    const retryMs = Math.min(state.retryMs * 2, T2_MS);
    return {
      state: { ...state, retryMs },
      outputs: [
        { kind: "send", message: state.last },
        { kind: "start-timer", timer: "G", delayMs: retryMs },
      ],
    };
  }
  if (timer === "H" && state.phase === "completed") {
    const outputs: TransactionOutput[] = [
      { kind: "stop-timer", timer: "G" },
      { kind: "failed", reason: "timeout" },
      ENDED,
    ];
    return { state: { ...state, phase: "terminated" }, outputs };
  }
  if (timer === "I" || timer === "L") return { state: { ...state, phase: "terminated" }, outputs: [ENDED] };
  return { state, outputs: [] };
}
