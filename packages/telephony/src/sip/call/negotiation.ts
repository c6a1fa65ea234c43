import { randomBetween } from "../identifiers.ts";
import { SipHeaders } from "../message/sip-headers.ts";
import {
  bodyOf,
  cloneRequest,
  cseqOf,
  type SipBody,
  type SipRequest,
  type SipResponse,
} from "../message/sip-message.ts";
import type { RequestOutcome } from "../request/request-run.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import { AnswerRepeat } from "./answer-repeat.ts";
import type { CallCore } from "./call-core.ts";
import {
  agreeAsClient,
  agreeAsServer,
  askHeaders,
  readMinSeMs,
  type ServerVerdict,
  type SessionInterval,
} from "./session-interval.ts";

/** What became of an offer of ours inside a call. */
export type ReofferResult =
  | { readonly kind: "agreed"; readonly answer: SipBody | undefined }
  /** Nothing has changed. */
  | { readonly kind: "refused"; readonly status: number; readonly reason: string }
  | { readonly kind: "unanswered" }
  /** `too_many`: eight others wait already. */
  | { readonly kind: "impossible"; readonly reason: "call_over" | "too_many" };

type Reoffer = {
  readonly method: "INVITE" | "UPDATE";
  /** Absent: an UPDATE that only refreshes. */
  readonly body?: SipBody | undefined;
  readonly headers?: SipHeaders | undefined;
};

const MAX_WAITING = 8;
const MAX_GLARES = 5;

/** Changes a standing session: re-INVITE and UPDATE in both directions, one at a time (RFC 3261 §14, RFC 3311). */
export class Negotiation {
  readonly #core: CallCore;
  readonly #onInterval: (interval: SessionInterval | undefined) => void;
  readonly #repeats = new Map<number, { repeat: AnswerRepeat; isOffer: boolean }>();
  readonly #acks = new Map<number, Promise<SipRequest | undefined>>();
  #interval: SessionInterval | undefined;
  #afterAck: (() => void) | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #isOffering = false;
  #isAnswering = false;

  /** `onInterval`: the session interval was settled anew. */
  constructor(core: CallCore, onInterval: (interval: SessionInterval | undefined) => void) {
    this.#core = core;
    this.#onInterval = onInterval;
    core.onClose(() => {
      if (this.#afterAck) return;
      for (const { repeat } of this.#repeats.values()) repeat.stop();
      this.#repeats.clear();
    });
  }

  /**
   * Runs now, or once the ACK for our answer has come or can't come any more: a BYE must not overtake the answer
   * (RFC 3261 section 15). Until then the answer is repeated, even if the call is over.
   */
  afterAck(run: () => void): void {
    if (this.#repeats.size === 0) run();
    else this.#afterAck = run;
  }

  /** Takes up an interval settled elsewhere, by the first INVITE. */
  setInterval(interval: SessionInterval | undefined): void {
    this.#interval = interval;
    this.#onInterval(interval);
  }

  /** Offers anew, after whatever is under way. */
  reoffer(offer: Reoffer): Promise<ReofferResult> {
    if (this.#waiting >= MAX_WAITING) return Promise.resolve({ kind: "impossible", reason: "too_many" });
    this.#waiting += 1;
    const result = this.#queue.then(() => this.#offerUntilNoGlare(offer));
    this.#queue = result.finally(() => {
      this.#waiting -= 1;
    });
    return result;
  }

  /** Sends the answer to the first INVITE, or to a later one, until it is acknowledged. */
  repeatAnswer(transaction: ServerTransaction, response: SipResponse, isOffer: boolean): void {
    const { clock, layer } = this.#core.context;
    const seq = cseqOf(transaction.request).number;
    const repeat = new AnswerRepeat({
      clock,
      send: () => layer.sendResponse(response, transaction.source),
      onTimeout: () => {
        this.#repeats.delete(seq);
        if (this.#runAfterAck()) return;
        if (this.#core.state === "confirmed") this.#core.background(this.#core.request("BYE"));
        this.#core.end("no_ack");
      },
    });
    this.#repeats.set(seq, { repeat, isOffer });
  }

  /** `isFirst`: the ACK belonged to an answer that waited for it. */
  onAck(request: SipRequest): { isFirst: boolean; answer: SipBody | undefined } {
    const seq = cseqOf(request).number;
    const waiting = this.#repeats.get(seq);
    if (!waiting) return { isFirst: false, answer: undefined };
    waiting.repeat.stop();
    this.#repeats.delete(seq);
    this.#runAfterAck();
    return { isFirst: true, answer: waiting.isOffer ? bodyOf(request) : undefined };
  }

  /** True when something waited. */
  #runAfterAck(): boolean {
    const run = this.#afterAck;
    if (!run || this.#repeats.size > 0) return run !== undefined;
    this.#afterAck = undefined;
    run();
    return true;
  }

  /** Acknowledges a 2xx again that came again; false when it isn't one of ours. */
  repeatAck(response: SipResponse): boolean {
    const ack = this.#acks.get(cseqOf(response).number);
    if (!ack) return false;
    this.#core.background(ack.then((request) => request && this.#core.repeatAck(request)));
    return true;
  }

  async onInvite(transaction: ServerTransaction): Promise<void> {
    const core = this.#core;
    const verdict = this.#admit(transaction);
    if (!verdict) return;
    let isCancelled = false;
    transaction.onCancel = () => {
      isCancelled = true;
      core.reply(transaction, { status: 487 });
    };
    core.reply(transaction, { status: 100 });
    const offer = bodyOf(transaction.request);
    const body = await this.#guard(transaction, () => (offer ? core.media?.onOffer(offer) : core.media?.makeOffer()));
    if (body === "failed" || isCancelled || core.state === "ended") return;
    if (body === undefined) {
      core.reply(transaction, { status: 488 });
      return;
    }
    this.#accept(transaction.request, verdict.interval);
    const response = core.reply(transaction, { status: 200, body, headers: verdict.headers });
    this.repeatAnswer(transaction, response, offer === undefined);
  }

  async onUpdate(transaction: ServerTransaction): Promise<void> {
    const core = this.#core;
    const offer = bodyOf(transaction.request);
    const verdict = offer ? this.#admit(transaction) : this.#agree(transaction);
    if (!verdict) return;
    const body = offer ? await this.#guard(transaction, () => core.media?.onOffer(offer)) : undefined;
    if (body === "failed" || !transaction.isOpen) return;
    if (offer && body === undefined) {
      core.reply(transaction, { status: 488 });
      return;
    }
    this.#accept(transaction.request, verdict.interval);
    core.reply(transaction, { status: 200, body, headers: verdict.headers });
  }

  /** Refuses what can't be taken now: 491 while our own offer is out, 500 while an earlier one is being answered. */
  #admit(transaction: ServerTransaction): (ServerVerdict & { kind: "agreed" }) | undefined {
    const isOfferUnacked = [...this.#repeats.values()].some(({ isOffer }) => isOffer);
    if (this.#isOffering || isOfferUnacked) {
      this.#core.reply(transaction, { status: 491 });
      return undefined;
    }
    if (this.#isAnswering) {
      this.#core.reply(transaction, { status: 500, headers: { "retry-after": String(randomBetween(0, 11)) } });
      return undefined;
    }
    return this.#agree(transaction);
  }

  #agree(transaction: ServerTransaction): (ServerVerdict & { kind: "agreed" }) | undefined {
    const { headers } = transaction.request;
    const verdict = agreeAsServer(headers, this.#core.context.session, this.#interval);
    if (verdict.kind === "agreed") return verdict;
    this.#core.reply(transaction, { status: 422, headers: verdict.headers });
    return undefined;
  }

  #accept(request: SipRequest, interval: SessionInterval | undefined): void {
    this.#core.dialog?.refreshTarget(request);
    this.setInterval(interval);
    this.#core.emit({ kind: "refreshed", headers: request.headers });
  }

  /** What the media side throws costs that one exchange. */
  async #guard<Result>(
    transaction: ServerTransaction,
    ask: () => Result | Promise<Result>,
  ): Promise<Result | undefined | "failed"> {
    this.#isAnswering = true;
    try {
      return await ask();
    } catch (error) {
      this.#core.context.onWatcherError(error);
      this.#core.reply(transaction, { status: 500 });
      return "failed";
    } finally {
      this.#isAnswering = false;
    }
  }

  async #offerUntilNoGlare(offer: Reoffer): Promise<ReofferResult> {
    const core = this.#core;
    for (let glares = 0; ; glares += 1) {
      if (core.state === "ended" || !core.dialog) return { kind: "impossible", reason: "call_over" };
      const outcome = await this.#offer(offer);
      if (outcome.kind === "failure") return { kind: "unanswered" };
      const { status, reason, headers } = outcome.response;
      if (status < 300) return { kind: "agreed", answer: bodyOf(outcome.response) };
      if (status !== 491 || glares >= MAX_GLARES) {
        if (status === 422) this.setInterval(agreeAsClient(headers) ?? this.#interval);
        return { kind: "refused", status, reason };
      }
      // RFC 3261 section 14.1: the owner of the Call-ID waits longer.
      const waitMs = core.direction === "out" ? randomBetween(2_100, 4_000) : randomBetween(0, 2_000);
      await new Promise<void>((resolve) => core.context.clock.after(waitMs, resolve));
    }
  }

  async #offer({ method, body, headers = new SipHeaders() }: Reoffer): Promise<RequestOutcome> {
    const core = this.#core;
    const current = this.#interval;
    const wanted = current && { ...core.context.session, intervalMs: current.intervalMs };
    headers.merge(askHeaders(wanted ?? core.context.session, current && (current.isRefresher ? "uac" : "uas")));
    this.#isOffering = method === "INVITE" || body !== undefined;
    try {
      const outcome = await core.request(method, {
        headers,
        body,
        amend: lengthenInterval,
        onExtraAnswer: (response) => this.repeatAck(response),
      });
      if (outcome.kind === "response" && outcome.response.status < 300) this.#settle(method, outcome);
      return outcome;
    } finally {
      this.#isOffering = false;
    }
  }

  #settle(method: "INVITE" | "UPDATE", { response, request }: RequestOutcome & { kind: "response" }): void {
    this.#core.dialog?.refreshTarget(response);
    this.#core.learnAllowed(response);
    if (method === "INVITE") {
      this.#acks.clear();
      this.#acks.set(cseqOf(request).number, this.#core.ack(request));
    }
    this.setInterval(agreeAsClient(response.headers));
  }
}

/** The request again with the interval that a 422 asks for. */
export function lengthenInterval(response: SipResponse, request: SipRequest): SipRequest | undefined {
  const minMs = response.status === 422 ? readMinSeMs(response.headers) : undefined;
  if (minMs === undefined) return undefined;
  const again = cloneRequest(request);
  const seconds = String(Math.ceil(minMs / 1000));
  again.headers.set("session-expires", seconds).set("min-se", seconds);
  return again;
}
