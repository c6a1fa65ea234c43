import { DigestClient } from "../auth/digest-client.ts";
import type { AuthVerdict, DigestServer, FindSecret } from "../auth/digest-server.ts";
import { Dialog } from "../dialog/dialog.ts";
import type { NameAddr } from "../message/name-addr.ts";
import type { SipHeaders } from "../message/sip-headers.ts";
import { bodyOf, cseqOf, fromOf, type SipBody, type SipRequest, toOf } from "../message/sip-message.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import type { Source } from "../transport/network.ts";
import { Call } from "./call.ts";
import type { CallContext } from "./call-context.ts";
import { CallCore, userOfUri } from "./call-core.ts";
import { type CustomHeaders, checkCustomHeaders } from "./custom-headers.ts";
import { ReliableProvisionals, readRack } from "./reliable-provisionals.ts";
import { agreeAsServer } from "./session-interval.ts";

/** A call nobody answers or refuses for so long gets 480. */
const MAX_RING_MS = 180_000;

export type AnswerOptions = { readonly body: SipBody; readonly headers?: CustomHeaders };

export type ProgressOptions = {
  /** 180 ringing, 181, 182 or 183. Default 180, with a body 183. */
  readonly status?: number;
  /** Answer to the INVITE's offer, for early media. */
  readonly body?: SipBody;
  readonly headers?: CustomHeaders;
  /** Default: with a body when the caller understands 100rel, and always when it requires it. */
  readonly isReliable?: boolean;
};

/** Somebody calls. Decide with `progress`, `answer`, `reject` or `redirect`. */
export class IncomingCall extends Call {
  readonly request: SipRequest;
  readonly source: Source;
  /** The call whose place this one takes once it is answered. */
  readonly replaces: Call | undefined;
  readonly #transaction: ServerTransaction;
  readonly #provisionals: ReliableProvisionals;
  readonly #cancelRing: () => void;
  /** An answer that waits until a reliable 18x with a body is acknowledged. */
  #heldAnswer: AnswerOptions | undefined;
  #hasAnswered = false;
  #earlyBody: SipBody | undefined;
  /** Our offer in an 18x was answered in its PRACK. */
  #isEarlyAnswered = false;
  #isConfirmed = false;

  constructor(options: { context: CallContext; transaction: ServerTransaction; replaces?: Call | undefined }) {
    const { context, transaction } = options;
    const { request, source } = transaction;
    super(
      new CallCore({
        context,
        direction: "in",
        digest: new DigestClient([]),
        contactUser: userOfUri(request.uri),
      }),
    );
    this.request = request;
    this.source = source;
    this.replaces = options.replaces;
    this.#transaction = transaction;
    const { core } = this;
    core.dialog = Dialog.ofRequest(request, transaction.toTag);
    core.learnPeer(request, source);
    context.addDialog(core.dialog, this);
    this.#provisionals = new ReliableProvisionals({
      clock: context.clock,
      onTimeout: () => this.#refuse(504, "no_prack"),
    });
    this.#cancelRing = context.clock.after(MAX_RING_MS, () => this.#refuse(480, "not_answered"));
    core.onClose(() => {
      this.#cancelRing();
      this.#provisionals.close();
    });
    transaction.onCancel = (cancel) => this.#onCancel(cancel);
    transaction.onFailure = (reason) => {
      if (reason === "transport") core.end("unreachable");
    };
  }

  get from(): NameAddr {
    return fromOf(this.request);
  }

  get to(): NameAddr {
    return toOf(this.request);
  }

  /** The Request-URI: whom the caller wants. */
  get target(): string {
    return this.request.uri;
  }

  get headers(): SipHeaders {
    return this.request.headers;
  }

  /** The caller's offer; undefined when it wants ours, in the answer. */
  get offer(): SipBody | undefined {
    return bodyOf(this.request);
  }

  /**
   * Lets only callers in who know a password. With any other verdict than `accepted` the call has been answered with
   * a challenge and is over; the caller's next INVITE is a new call.
   */
  async authenticate(server: DigestServer, findSecret: FindSecret): Promise<AuthVerdict> {
    const verdict = await server.check(this.request, findSecret);
    if (verdict.kind === "challenge" && this.state === "early") {
      this.core.reply(this.#transaction, { status: verdict.status, headers: verdict.headers });
      this.core.end("rejected");
    }
    return verdict;
  }

  /** Tells the caller that it rings, with or without early media. @throws SipError, RangeError */
  progress({ status, body, headers, isReliable }: ProgressOptions = {}): void {
    const code = status ?? (body ? 183 : 180);
    if (code <= 100 || code >= 200) throw new RangeError(`Status ${code} is not 101-199`);
    const custom = checkCustomHeaders(headers);
    if (this.state !== "early" || !this.#transaction.isOpen || this.#heldAnswer) return;
    if (body) this.#earlyBody = body;
    const required = this.request.headers.tokens("require").includes("100rel");
    const supported = required || this.request.headers.tokens("supported").includes("100rel");
    const extra = Object.fromEntries(custom.entries());
    if (!(required || (supported && (isReliable ?? body !== undefined)))) {
      this.core.reply(this.#transaction, { status: code, body, headers: extra });
      return;
    }
    this.#provisionals.send(
      (rseq) => {
        if (!this.#transaction.isOpen) return;
        const reliable = { require: "100rel", rseq: String(rseq) };
        this.core.reply(this.#transaction, { status: code, body, headers: { ...extra, ...reliable } });
      },
      () => this.#answerHeld(),
    );
  }

  /**
   * Takes the call. Without an offer in the INVITE, `body` is our offer and the answer comes with `confirmed`.
   * False when the call is over or answered already.
   * @throws SipError for headers that can't be sent
   */
  answer(options: AnswerOptions): boolean {
    checkCustomHeaders(options.headers);
    if (this.state !== "early" || this.#hasAnswered || !this.#transaction.isOpen) return false;
    this.#hasAnswered = true;
    if (this.#provisionals.isPending && this.#earlyBody) this.#heldAnswer = options;
    else this.#answerNow(options);
    return true;
  }

  /**
   * Refuses. @param options `status` 300-699, default 603
   * @throws RangeError, SipError
   */
  reject(options: { status?: number; reason?: string; headers?: CustomHeaders } = {}): void {
    const { status = 603, reason } = options;
    if (status < 300 || status > 699) throw new RangeError(`Status ${status} is not 300-699`);
    this.#refuse(status, "rejected", {
      reason,
      headers: Object.fromEntries(checkCustomHeaders(options.headers).entries()),
    });
  }

  /** Sends the caller elsewhere: 302 to these URIs. @throws SipError */
  redirect(targets: readonly string[], status = 302): void {
    this.#refuse(status, "rejected", { headers: { contact: targets.map((uri) => `<${uri}>`) } });
  }

  /** Refuses a call that isn't answered (480), or ends one that is. */
  override hangUp(options: { headers?: CustomHeaders; reason?: string } = {}): void {
    if (this.state === "early") this.#refuse(480, "local_hang_up");
    else super.hangUp(options);
  }

  override closeFor(cause: "replaced" | "shutdown"): void {
    if (this.state === "early") this.#refuse(cause === "shutdown" ? 503 : 487, cause);
    else super.closeFor(cause);
  }

  #refuse(
    status: number,
    cause: "rejected" | "not_answered" | "no_prack" | "local_hang_up" | "replaced" | "shutdown",
    more: { reason?: string | undefined; headers?: Readonly<Record<string, string | readonly string[]>> } = {},
  ): void {
    if (this.state !== "early") return;
    this.core.reply(this.#transaction, { status, ...more });
    this.core.end(cause);
  }

  #answerHeld(): void {
    const held = this.#heldAnswer;
    this.#heldAnswer = undefined;
    if (held && this.state === "early") this.#answerNow(held);
  }

  #answerNow({ body, headers }: AnswerOptions): void {
    const { core } = this;
    this.#provisionals.close();
    this.#cancelRing();
    const verdict = agreeAsServer(this.request.headers, core.context.session);
    const agreed = verdict.kind === "agreed" ? verdict : undefined;
    core.state = "confirmed";
    const response = core.reply(this.#transaction, {
      status: 200,
      body: this.#isEarlyAnswered ? undefined : body,
      headers: { ...Object.fromEntries(checkCustomHeaders(headers).entries()), ...agreed?.headers },
    });
    this.negotiation.repeatAnswer(this.#transaction, response, this.offer === undefined && !this.#isEarlyAnswered);
    this.negotiation.setInterval(agreed?.interval);
    this.replaces?.closeFor("replaced");
  }

  protected override onAcknowledged(answer: SipBody | undefined): void {
    if (this.#isConfirmed) super.onAcknowledged(answer);
    else {
      this.#isConfirmed = true;
      this.core.emit({ kind: "confirmed", body: answer });
    }
  }

  #onCancel(cancel: SipRequest): void {
    if (this.state !== "early") return;
    this.core.reply(this.#transaction, { status: 487 });
    const reason = cancel.headers.get("reason") ?? "";
    const isElsewhere = /^\s*SIP\s*;.*cause\s*=\s*"?200/is.test(reason);
    this.core.end(isElsewhere ? "answered_elsewhere" : "cancelled", cancel);
  }

  protected override onBye(transaction: ServerTransaction): void {
    if (this.state === "early") this.core.reply(this.#transaction, { status: 487 });
    super.onBye(transaction);
  }

  protected override dispatch(transaction: ServerTransaction): void {
    if (transaction.request.method === "PRACK") this.#onPrack(transaction);
    else if (transaction.request.method === "INVITE" && this.state === "early") {
      this.core.reply(transaction, { status: 500, headers: { "retry-after": "5" } });
    } else super.dispatch(transaction);
  }

  #onPrack(transaction: ServerTransaction): void {
    const rack = readRack(transaction.request.headers.get("rack"));
    const isOurs = rack?.method === "INVITE" && rack.cseq === cseqOf(this.request).number;
    if (!rack || !isOurs || !this.#provisionals.awaits(rack.rseq)) {
      this.core.reply(transaction, { status: 481 });
      return;
    }
    this.core.background(this.#answerPrack(transaction).then(() => this.#provisionals.acknowledge(rack.rseq)));
  }

  /** A PRACK may answer an offer of ours in the 18x, or make one. */
  async #answerPrack(transaction: ServerTransaction): Promise<void> {
    const { core } = this;
    const body = bodyOf(transaction.request);
    if (body && this.offer === undefined && !this.#isEarlyAnswered) {
      this.#isEarlyAnswered = true;
      core.reply(transaction, { status: 200 });
      await core.guard(() => core.media?.onAnswer(body));
      return;
    }
    const answer = body ? await core.guard(() => core.media?.onOffer(body)) : undefined;
    core.reply(transaction, { status: body && !answer ? 488 : 200, body: answer });
  }
}
