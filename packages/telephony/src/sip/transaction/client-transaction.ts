import type { SipRequest, SipResponse } from "../message/sip-message.ts";
import type { Target } from "../transport/network.ts";
import { type InviteClientState, startInviteClient, stepInviteClient } from "./invite-client.ts";
import type { Step, TransactionOutput } from "./machine.ts";
import { type NonInviteClientState, startNonInviteClient, stepNonInviteClient } from "./non-invite-client.ts";
import type { TimerName } from "./timers.ts";

export type ClientListener = {
  /** Each provisional response, the final one, and for INVITE every further 2xx. */
  onResponse(response: SipResponse): void;
  /** No final response will come. */
  onFailure(reason: "timeout" | "transport"): void;
};

type Input =
  | { readonly kind: "response"; readonly response: SipResponse }
  | { readonly kind: "timer"; readonly timer: TimerName }
  | { readonly kind: "transport-failed" };

/** One request under way: a machine and its present state. */
export class ClientTransaction {
  readonly key: string;
  readonly request: SipRequest;
  readonly target: Target;
  readonly listener: ClientListener;
  /** The connection it went out on. */
  flowId: string | undefined;
  readonly #machine: Machine<InviteClientState> | Machine<NonInviteClientState>;

  constructor(options: { key: string; request: SipRequest; target: Target; listener: ClientListener }) {
    this.key = options.key;
    this.request = options.request;
    this.target = options.target;
    this.listener = options.listener;
    const isReliable = options.target.protocol !== "udp";
    this.#machine =
      options.request.method === "INVITE"
        ? new Machine(startInviteClient(options.request, isReliable), stepInviteClient)
        : new Machine(startNonInviteClient(options.request, isReliable), stepNonInviteClient);
  }

  /** What to do to begin with. */
  get opening(): readonly TransactionOutput[] {
    return this.#machine.opening;
  }

  /** A provisional response came and no final one: a CANCEL may go out. */
  get isProceeding(): boolean {
    return this.#machine.state.phase === "proceeding";
  }

  /** No response came yet. */
  get isUnanswered(): boolean {
    const { phase } = this.#machine.state;
    return phase === "calling" || phase === "trying";
  }

  step(input: Input): readonly TransactionOutput[] {
    return this.#machine.step(input);
  }
}

class Machine<State extends { readonly phase: string }> {
  state: State;
  readonly opening: readonly TransactionOutput[];
  readonly #step: (state: State, input: Input) => Step<State>;

  constructor(start: Step<State>, step: (state: State, input: Input) => Step<State>) {
    this.state = start.state;
    this.opening = start.outputs;
    this.#step = step;
  }

  step(input: Input): readonly TransactionOutput[] {
    const { state, outputs } = this.#step(this.state, input);
    this.state = state;
    return outputs;
  }
}
