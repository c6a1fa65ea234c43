import { newTag } from "../identifiers.ts";
import { makeResponse, type ResponseOptions, type SipRequest, type SipResponse } from "../message/sip-message.ts";
import type { Source } from "../transport/network.ts";
import { type InviteServerState, startInviteServer, stepInviteServer } from "./invite-server.ts";
import type { TransactionOutput } from "./machine.ts";
import { type NonInviteServerState, startNonInviteServer, stepNonInviteServer } from "./non-invite-server.ts";
import type { TimerName } from "./timers.ts";

type Input =
  | { readonly kind: "request" }
  | { readonly kind: "ack" }
  | { readonly kind: "transport-failed" }
  | { readonly kind: "respond"; readonly response: SipResponse }
  | { readonly kind: "timer"; readonly timer: TimerName };

type State =
  | { readonly method: "INVITE"; readonly machine: InviteServerState }
  | { readonly method: "other"; readonly machine: NonInviteServerState };

/** One received request: its answers go out through here and are repeated when it comes again. */
export class ServerTransaction {
  readonly key: string;
  readonly request: SipRequest;
  readonly source: Source;
  /** Of all its answers, and of those to its CANCEL (RFC 3261 section 9.2). */
  readonly toTag = newTag();
  /** Called when the far end cancels an INVITE that has no final answer yet. */
  onCancel: ((cancel: SipRequest) => void) | undefined;
  /** Called when the final answer couldn't be delivered, or was never acknowledged. */
  onFailure: ((reason: "timeout" | "transport") => void) | undefined;
  readonly #run: (transaction: ServerTransaction, outputs: readonly TransactionOutput[]) => void;
  #state: State;

  constructor(options: {
    key: string;
    request: SipRequest;
    source: Source;
    run: (transaction: ServerTransaction, outputs: readonly TransactionOutput[]) => void;
  }) {
    this.key = options.key;
    this.request = options.request;
    this.source = options.source;
    this.#run = options.run;
    const isReliable = options.source.protocol !== "udp";
    this.#state =
      options.request.method === "INVITE"
        ? { method: "INVITE", machine: startInviteServer(isReliable).state }
        : { method: "other", machine: startNonInviteServer(isReliable).state };
  }

  /** No final answer went out yet. */
  get isOpen(): boolean {
    const { phase } = this.#state.machine;
    return phase === "trying" || phase === "proceeding";
  }

  /** Its 2xx went out; an ACK with the same branch then belongs to the call. */
  get isAccepted(): boolean {
    return this.#state.machine.phase === "accepted";
  }

  respond(response: SipResponse): void {
    this.#run(this, this.step({ kind: "respond", response }));
  }

  /** Makes and sends a response. */
  reply(options: ResponseOptions): SipResponse {
    const response = makeResponse(this.request, options);
    this.respond(response);
    return response;
  }

  /** Forgets the request without an answer. */
  ignore(): void {
    this.#run(this, [{ kind: "ended" }]);
  }

  step(input: Input): readonly TransactionOutput[] {
    if (this.#state.method === "INVITE") {
      const { state, outputs } = stepInviteServer(this.#state.machine, input);
      this.#state = { method: "INVITE", machine: state };
      return outputs;
    }
    if (input.kind === "ack") return [];
    const { state, outputs } = stepNonInviteServer(this.#state.machine, input);
    this.#state = { method: "other", machine: state };
    return outputs;
  }
}
