import type { DigestClient } from "../auth/digest-client.ts";
import { SipHeaders } from "../message/sip-headers.ts";
import { cloneRequest, cseqOf, makeRequest, type SipRequest, type SipResponse } from "../message/sip-message.ts";
import type { ClientTransaction } from "../transaction/client-transaction.ts";
import type { TransactionLayer } from "../transaction/transaction-layer.ts";
import { NetworkError, type Target } from "../transport/network.ts";
import { tcpFirst } from "./tcp-first.ts";

/** How a request ended. `request` is the last one sent, with its CSeq and credentials. */
export type RequestOutcome =
  | { readonly kind: "response"; readonly response: SipResponse; readonly request: SipRequest; readonly target: Target }
  | { readonly kind: "failure"; readonly reason: RequestFailure; readonly request: SipRequest };

/** `no_target`: the name leads nowhere. */
export type RequestFailure = "timeout" | "transport" | "no_target";

export type RequestRunOptions = {
  readonly layer: TransactionLayer;
  /** Without Via. */
  readonly request: SipRequest;
  /** Tried in order while they don't answer or answer 503. */
  readonly targets: readonly Target[];
  readonly digest?: DigestClient | undefined;
  /** The CSeq number of a request sent again. */
  nextSeq(): number;
  /** Called with each request just before it goes out, e.g. to name the Contact for its target. */
  prepare?(request: SipRequest, target: Target): void;
  /** May turn a refusal into another try, e.g. 422 with a longer interval. */
  amend?(response: SipResponse, request: SipRequest): SipRequest | undefined;
  onProvisional?(response: SipResponse, request: SipRequest, target: Target): void;
  onOutcome(outcome: RequestOutcome): void;
  /** For INVITE: each 2xx after the first final response. */
  onExtraAnswer?(response: SipResponse, request: SipRequest, target: Target): void;
};

/** Times a refusal is amended before it counts. */
const MAX_AMENDS = 3;

/** Sends one request until it has an answer: answers challenges, goes on to the next target, can be cancelled. */
export class RequestRun {
  readonly #options: RequestRunOptions;
  #targets: readonly Target[];
  #request: SipRequest;
  #transaction: ClientTransaction | undefined;
  #challenges = 0;
  #amends = 0;
  #isFinished = false;
  #cancelHeaders: SipHeaders | undefined;
  #isCancelSent = false;

  constructor(options: RequestRunOptions) {
    this.#options = options;
    const { request, targets, layer } = options;
    this.#targets = layer.tcpAboveBytes === undefined ? targets : tcpFirst(request, targets, layer.tcpAboveBytes);
    this.#request = request;
  }

  start(): void {
    this.#options.digest?.authorize(this.#request);
    this.#try();
  }

  /** Cancels an INVITE: at once, or as soon as the far end has shown that it has it (RFC 3261 section 9.1). */
  cancel(headers = new SipHeaders()): void {
    this.#cancelHeaders ??= headers;
    this.#sendCancel();
  }

  #try(): void {
    const target = this.#targets[0];
    if (!target) {
      this.#finish({ kind: "failure", reason: "no_target", request: this.#request });
      return;
    }
    const request = this.#request;
    this.#options.prepare?.(request, target);
    try {
      this.#transaction = this.#options.layer.request(request, target, {
        onResponse: (response) => this.#onResponse(response, request, target),
        onFailure: (reason) => this.#onFailure(reason),
      });
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      this.#onFailure("transport");
    }
  }

  #onResponse(response: SipResponse, request: SipRequest, target: Target): void {
    if (this.#isFinished) {
      if (response.status >= 200 && response.status < 300) this.#options.onExtraAnswer?.(response, request, target);
      return;
    }
    if (response.status < 200) {
      this.#sendCancel();
      this.#options.onProvisional?.(response, request, target);
      return;
    }
    const outcome: RequestOutcome = { kind: "response", response, request, target };
    if (this.#cancelHeaders !== undefined) this.#finish(outcome);
    else if (response.status === 401 || response.status === 407) this.#onChallenge(response, outcome);
    else if (response.status === 503 && this.#targets.length > 1) this.#next();
    else this.#onAnswer(response, outcome);
  }

  #onAnswer(response: SipResponse, outcome: RequestOutcome): void {
    if (response.status < 300) this.#options.digest?.learnNextNonce(response);
    const amended = response.status < 300 ? undefined : this.#options.amend?.(response, this.#request);
    if (amended === undefined || this.#amends >= MAX_AMENDS) {
      this.#finish(outcome);
      return;
    }
    this.#amends += 1;
    this.#again(amended);
  }

  #onChallenge(response: SipResponse, outcome: RequestOutcome): void {
    this.#challenges += 1;
    const verdict = this.#options.digest?.learn(response, this.#challenges);
    if (verdict?.kind === "retry") this.#again(cloneRequest(this.#request));
    else this.#finish(outcome);
  }

  #onFailure(reason: "timeout" | "transport"): void {
    if (this.#isFinished) return;
    if (this.#targets.length > 1 && this.#cancelHeaders === undefined) this.#next();
    else this.#finish({ kind: "failure", reason, request: this.#request });
  }

  #next(): void {
    this.#targets = this.#targets.slice(1);
    this.#again(cloneRequest(this.#request));
  }

  /** A new transaction, so a new CSeq. */
  #again(request: SipRequest): void {
    request.headers.set("cseq", `${this.#options.nextSeq()} ${request.method}`);
    this.#options.digest?.authorize(request);
    this.#request = request;
    this.#try();
  }

  #sendCancel(): void {
    const invite = this.#transaction;
    if (this.#cancelHeaders === undefined || this.#isCancelSent || this.#isFinished || !invite?.isProceeding) return;
    this.#isCancelSent = true;
    this.#options.layer.cancel(makeCancel(invite.request, this.#cancelHeaders), invite);
  }

  #finish(outcome: RequestOutcome): void {
    this.#isFinished = true;
    this.#options.onOutcome(outcome);
  }
}

function makeCancel(invite: SipRequest, extra: SipHeaders): SipRequest {
  const headers = new SipHeaders().set("via", invite.headers.all("via").slice(0, 1)).set("max-forwards", "70");
  for (const name of ["route", "from", "to", "call-id"]) headers.set(name, invite.headers.all(name));
  headers.set("cseq", `${cseqOf(invite).number} CANCEL`);
  for (const [name, values] of extra.entries()) headers.set(name, values);
  return makeRequest({ method: "CANCEL", uri: invite.uri, headers });
}
