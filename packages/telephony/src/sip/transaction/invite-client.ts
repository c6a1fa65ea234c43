import { SipHeaders } from "../message/sip-headers.ts";
import { cseqOf, makeRequest, type SipRequest, type SipResponse } from "../message/sip-message.ts";
import type { Step, TransactionOutput } from "./machine.ts";
import { T1_MS, TIMEOUT_MS, type TimerName } from "./timers.ts";

/**
 * INVITE client transaction, RFC 3261 section 17.1.1 with the accepted state of RFC 6026.
 *
 *     calling -1xx-> proceeding -2xx-> accepted -M-> terminated
 *        |               +---300-699-> completed -D-> terminated
 *        +-B-> terminated
 */
export type InviteClientState = {
  readonly phase: "calling" | "proceeding" | "accepted" | "completed" | "terminated";
  readonly request: SipRequest;
  readonly isReliable: boolean;
  readonly retryMs: number;
  readonly ack?: SipRequest;
};

export type InviteClientInput =
  | { readonly kind: "response"; readonly response: SipResponse }
  | { readonly kind: "timer"; readonly timer: TimerName }
  | { readonly kind: "transport-failed" };

export function startInviteClient(request: SipRequest, isReliable: boolean): Step<InviteClientState> {
  const outputs: TransactionOutput[] = [
    { kind: "send", message: request },
    { kind: "start-timer", timer: "B", delayMs: TIMEOUT_MS },
  ];
  if (!isReliable) outputs.push({ kind: "start-timer", timer: "A", delayMs: T1_MS });
  return { state: { phase: "calling", request, isReliable, retryMs: T1_MS }, outputs };
}

export function stepInviteClient(state: InviteClientState, input: InviteClientInput): Step<InviteClientState> {
  if (state.phase === "terminated") return { state, outputs: [] };
  switch (input.kind) {
    case "response":
      return onResponse(state, input.response);
    case "timer":
      return onTimer(state, input.timer);
    case "transport-failed":
      if (state.phase === "accepted") return { state, outputs: [] };
      return { state: { ...state, phase: "terminated" }, outputs: [{ kind: "failed", reason: "transport" }, ENDED] };
  }
}

const ENDED: TransactionOutput = { kind: "ended" };
const STOP_CALLING: readonly TransactionOutput[] = [
  { kind: "stop-timer", timer: "A" },
  { kind: "stop-timer", timer: "B" },
];

function onResponse(state: InviteClientState, response: SipResponse): Step<InviteClientState> {
  const isOpen = state.phase === "calling" || state.phase === "proceeding";
  const deliver: TransactionOutput = { kind: "deliver", response };
  if (response.status < 200) {
    if (!isOpen) return { state, outputs: [] };
    return { state: { ...state, phase: "proceeding" }, outputs: [...STOP_CALLING, deliver] };
  }
  if (response.status < 300) {
    if (state.phase === "accepted") return { state, outputs: [deliver] };
    if (!isOpen) return { state, outputs: [] };
    const timer: TransactionOutput = { kind: "start-timer", timer: "M", delayMs: TIMEOUT_MS };
    return { state: { ...state, phase: "accepted" }, outputs: [...STOP_CALLING, timer, deliver] };
  }
  if (state.phase === "completed" && state.ack) return { state, outputs: [{ kind: "send", message: state.ack }] };
  if (!isOpen) return { state, outputs: [] };
  const ack = makeFailureAck(state.request, response);
  const send: TransactionOutput = { kind: "send", message: ack };
  if (state.isReliable) {
    return { state: { ...state, phase: "terminated", ack }, outputs: [...STOP_CALLING, send, deliver, ENDED] };
  }
  const timer: TransactionOutput = { kind: "start-timer", timer: "D", delayMs: TIMEOUT_MS };
  return { state: { ...state, phase: "completed", ack }, outputs: [...STOP_CALLING, send, timer, deliver] };
}

function onTimer(state: InviteClientState, timer: TimerName): Step<InviteClientState> {
  if (timer === "A" && state.phase === "calling") {
    const retryMs = state.retryMs * 2;
    return {
      state: { ...state, retryMs },
      outputs: [
        { kind: "send", message: state.request },
        { kind: "start-timer", timer: "A", delayMs: retryMs },
      ],
    };
  }
  if (timer === "B" && state.phase === "calling") {
    const outputs: TransactionOutput[] = [...STOP_CALLING, { kind: "failed", reason: "timeout" }, ENDED];
    return { state: { ...state, phase: "terminated" }, outputs };
  }
  if (timer === "D" || timer === "M") return { state: { ...state, phase: "terminated" }, outputs: [ENDED] };
  return { state, outputs: [] };
}

/** The ACK that belongs to the transaction, RFC 3261 section 17.1.1.3. */
function makeFailureAck(request: SipRequest, response: SipResponse): SipRequest {
  const headers = new SipHeaders()
    .set("via", request.headers.all("via").slice(0, 1))
    .set("route", request.headers.all("route"))
    .set("max-forwards", "70")
    .set("from", request.headers.all("from"))
    .set("to", response.headers.all("to"))
    .set("call-id", request.headers.all("call-id"))
    .set("cseq", `${cseqOf(request).number} ACK`);
  return makeRequest({ method: "ACK", uri: request.uri, headers });
}
