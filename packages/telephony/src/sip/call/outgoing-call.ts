import { type Credentials, DigestClient } from "../auth/digest-client.ts";
import { Dialog } from "../dialog/dialog.ts";
import { newCallId, newTag } from "../identifiers.ts";
import { formatNameAddr, parseNameAddr } from "../message/name-addr.ts";
import { SipError } from "../message/sip-error.ts";
import { SipHeaders } from "../message/sip-headers.ts";
import {
  bodyOf,
  cseqOf,
  fromOf,
  makeRequest,
  type SipBody,
  type SipRequest,
  type SipResponse,
  toTagOf,
} from "../message/sip-message.ts";
import { parseUri } from "../message/uri.ts";
import { type RequestOutcome, RequestRun } from "../request/request-run.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import { TIMEOUT_MS } from "../transaction/timers.ts";
import type { Target } from "../transport/network.ts";
import { Call } from "./call.ts";
import { ALLOWED_METHODS, type CallContext, SUPPORTED_EXTENSIONS } from "./call-context.ts";
import { CallCore, userOfUri } from "./call-core.ts";
import type { CallOutcome, CallWatcher } from "./call-event.ts";
import { outcomeOf } from "./call-outcome.ts";
import { type CustomHeaders, checkCustomHeaders } from "./custom-headers.ts";
import { EarlyDialogs } from "./early-dialogs.ts";
import { lengthenInterval } from "./negotiation.ts";
import { agreeAsClient, askHeaders } from "./session-interval.ts";

export type InviteOptions = {
  /** Whom to call: a sip:, sips: or, with an outbound proxy, tel: URI. */
  readonly target: string;
  /** Caller: a URI or `"Name" <uri>`. */
  readonly from: string;
  /** To header, when it differs from the target. */
  readonly to?: string;
  /** Offer; absent: the far end offers, and `media.onOffer` answers. */
  readonly body?: SipBody;
  readonly headers?: CustomHeaders;
  readonly credentials?: readonly Credentials[];
  /** URIs every request goes through, nearest first (preloaded Route). */
  readonly outboundProxies?: readonly string[];
  /** Addresses to try in this order, in place of what the target's name leads to. */
  readonly via?: readonly Target[];
  /** User part of our Contact. Default: that of `from`. */
  readonly contactUser?: string;
  /** From the first INVITE; then the call is cancelled and fails with `no_answer`. Default 60 s. */
  readonly ringTimeoutMs?: number;
  /** Without any answer for so long, not even 100, the call fails as `unreachable`. Default 32 s. */
  readonly noResponseMs?: number;
  /** Addresses of 3xx answers that are called, one after the other, none twice. Default 2; 0: none. */
  readonly maxRedirects?: number;
  /** Whom to call for an address that a 3xx names; undefined: nobody. Default: the address itself, if it is of SIP. */
  readonly redirectTo?: (uri: string) => string | undefined | Promise<string | undefined>;
  readonly watcher?: CallWatcher;
};

/** A call that we place. */
export class OutgoingCall extends Call {
  readonly callId = newCallId();
  readonly #options: InviteOptions;
  readonly #extra: SipHeaders;
  readonly #early: EarlyDialogs;
  readonly #localTag = newTag();
  #seq = 1;
  #seqOfAnswer = 0;
  #run: RequestRun | undefined;
  #givesUp: { outcome: CallOutcome; status: number; reason: string } | undefined;
  readonly #called = new Set<string>();
  /** Named by 3xx answers, best first. */
  #named: string[] = [];
  #redirectTargets: string[] = [];
  #lateOffer: SipBody | undefined;
  /** The branch that has taken an UPDATE: what it answered to our offer before holds no longer. */
  #updated: Dialog | undefined;
  #ack: Promise<SipRequest | undefined> = Promise.resolve(undefined);
  #cancelRing = () => {};
  #cancelGiveUp = () => {};
  #cancelNoResponse = () => {};

  /** @throws SipError for an address or header that can't be sent */
  constructor(context: CallContext, options: InviteOptions) {
    const from = parseNameAddr(options.from, "from");
    const digest = new DigestClient(options.credentials ?? []);
    const contactUser = options.contactUser ?? userOfUri(from.uri);
    super(new CallCore({ context, direction: "out", digest, contactUser, watcher: options.watcher }));
    this.#options = options;
    this.#extra = checkCustomHeaders(options.headers);
    this.#early = new EarlyDialogs(context, this);
    parseUri(options.target, "target");
    for (const proxy of options.outboundProxies ?? []) parseUri(proxy, "outboundProxies");
    this.core.onClose(() => {
      this.#cancelRing();
      this.#cancelGiveUp();
      this.#cancelNoResponse();
    });
  }

  /** Sends the INVITE. Called once, by the user agent. */
  start(): void {
    const { ringTimeoutMs = 60_000 } = this.#options;
    this.#cancelRing = this.core.context.clock.after(ringTimeoutMs, () => {
      this.#giveUp({ outcome: "no_answer", status: 0, reason: `Not answered in ${ringTimeoutMs} ms` });
    });
    this.core.background(this.#invite(this.#options.target, this.#options.via));
  }

  #awaitResponse(): void {
    const { noResponseMs } = this.#options;
    this.#cancelNoResponse();
    if (noResponseMs === undefined) return;
    this.#cancelNoResponse = this.core.context.clock.after(noResponseMs, () => {
      if (this.state !== "early" || this.#givesUp) return;
      // Whatever answers later is told that nobody waits any more.
      this.#run?.cancel(new SipHeaders());
      this.#fail({ outcome: "unreachable", status: 0, reason: `No response in ${noResponseMs} ms` });
    });
  }

  /** Gives up before the answer (CANCEL), or ends the call after it. Again: no effect. */
  override hangUp(options: { headers?: CustomHeaders; reason?: string } = {}): void {
    if (this.state !== "early") super.hangUp(options);
    else this.#giveUp({ outcome: "cancelled", status: 0, reason: options.reason ?? "Cancelled" });
  }

  override closeFor(cause: "replaced" | "shutdown"): void {
    if (this.state === "early") this.#giveUp({ outcome: "cancelled", status: 0, reason: cause });
    else super.closeFor(cause);
  }

  override onRepeatedAnswer(response: SipResponse): void {
    if (cseqOf(response).number === this.#seqOfAnswer) this.#repeatFirstAck();
    else super.onRepeatedAnswer(response);
  }

  /** An UPDATE before the answer offers anew: our own offer must have had its answer by then (RFC 3311 section 5.1). */
  protected override dispatch(transaction: ServerTransaction): void {
    const { core } = this;
    const { request } = transaction;
    const isOffer = request.method === "UPDATE" && this.state === "early" && bodyOf(request) !== undefined;
    const dialog = isOffer ? this.#early.of(fromOf(request).params.get("tag")) : undefined;
    const answer = this.#options.body && this.#early.bodyOf(dialog);
    if (dialog && answer && this.#updated === undefined) {
      this.#updated = dialog;
      core.dialog = dialog;
      core.background(core.guard(() => core.media?.onAnswer(answer)));
    } else if (isOffer && this.#updated !== dialog) {
      core.reply(transaction, { status: 491 });
      return;
    }
    super.dispatch(transaction);
  }

  #giveUp(why: { outcome: CallOutcome; status: number; reason: string }): void {
    if (this.state !== "early" || this.#givesUp) return;
    this.#givesUp = why;
    if (!this.#run) {
      this.#fail(why);
      return;
    }
    const cause = why.outcome === "no_answer" ? "User Not Responding" : "Call Cancelled";
    this.#run.cancel(new SipHeaders().set("reason", `SIP;cause=487;text="${cause}"`));
    this.#cancelGiveUp = this.core.context.clock.after(TIMEOUT_MS, () => this.#fail(why));
  }

  async #invite(uri: string, via?: readonly Target[]): Promise<void> {
    const { context, digest } = this.core;
    this.#called.add(uri);
    this.#awaitResponse();
    const [proxy] = this.#options.outboundProxies ?? [];
    const targets = via ?? (await context.targetsOf(proxy ?? uri));
    if (this.state !== "early") return;
    this.#run = new RequestRun({
      layer: context.layer,
      request: this.#makeInvite(uri),
      targets,
      digest,
      nextSeq: () => {
        this.#seq += 1;
        return this.#seq;
      },
      prepare: (request, target) => {
        request.headers.set("contact", context.contactFor(target, this.core.contactUser));
        this.core.peer = target;
      },
      amend: lengthenInterval,
      onProvisional: (response, request) => this.core.background(this.#onProvisional(response, request)),
      onOutcome: (outcome) => this.#onOutcome(outcome),
      onExtraAnswer: (response, request) => this.#onExtraAnswer(response, request),
    });
    this.#run.start();
  }

  #makeInvite(uri: string): SipRequest {
    const { from, to, body, outboundProxies = [] } = this.#options;
    const { context } = this.core;
    const caller = parseNameAddr(from, "from");
    const callee = to === undefined ? { uri: this.#options.target, params: new Map() } : parseNameAddr(to, "to");
    const headers = new SipHeaders()
      .set("max-forwards", "70")
      .set("route", outboundProxies.map(toRoute))
      .set("from", formatNameAddr({ ...caller, params: new Map([...caller.params, ["tag", this.#localTag]]) }))
      .set("to", formatNameAddr(callee))
      .set("call-id", this.callId)
      .set("cseq", `${this.#seq} INVITE`)
      .set("allow", ALLOWED_METHODS)
      .set("supported", SUPPORTED_EXTENSIONS)
      .set("user-agent", context.productName)
      .merge(askHeaders(context.session));
    for (const [name, values] of this.#extra.entries()) headers.set(name, values);
    return makeRequest({ method: "INVITE", uri, headers, ...(body && { body }) });
  }

  async #onProvisional(response: SipResponse, request: SipRequest): Promise<void> {
    this.#cancelNoResponse();
    if (response.status === 100 || this.state !== "early" || this.#givesUp) return;
    const { core } = this;
    const dialog = this.#early.open(request, response);
    if (dialog) core.dialog = dialog;
    const isReliable = response.headers.tokens("require").includes("100rel") && response.headers.has("rseq");
    if (isReliable && !this.#early.takeRseq(response)) return;
    core.learnPeer(response, core.peer ?? NOWHERE);
    const body = bodyOf(response);
    if (isReliable && dialog) await this.#acknowledgeProvisional(dialog, response, body);
    if (this.state !== "early") return;
    const { status, headers } = response;
    if (body) {
      const branchTag = toTagOf(response) ?? "";
      core.emit({ kind: "early-media", status, body, branchTag, headers });
    } else core.emit({ kind: "ringing", status, headers });
  }

  async #acknowledgeProvisional(dialog: Dialog, response: SipResponse, body: SipBody | undefined): Promise<void> {
    const { core } = this;
    const isOffer = body !== undefined && this.#options.body === undefined && this.#lateOffer === undefined;
    if (isOffer) this.#lateOffer = body;
    const answer = isOffer ? await core.guard(() => core.media?.onOffer(body)) : undefined;
    const rack = `${response.headers.get("rseq")} ${cseqOf(response).number} INVITE`;
    if (this.state !== "early") return;
    core.dialog = dialog;
    core.background(core.request("PRACK", { headers: new SipHeaders().set("rack", rack), body: answer }));
  }

  #onOutcome(outcome: RequestOutcome): void {
    this.#cancelNoResponse();
    if (this.state !== "early") {
      if (outcome.kind === "response" && outcome.response.status < 300) this.#refuseAnswer(outcome);
      return;
    }
    if (outcome.kind === "failure") {
      const unreachable = { outcome: "unreachable" as const, status: 0, reason: FAILURES[outcome.reason] };
      if (this.#givesUp) this.#fail(this.#givesUp);
      else this.core.background(this.#goOn(unreachable));
      return;
    }
    const { response } = outcome;
    const { status, reason } = response;
    if (status < 300) this.core.background(this.#onAnswer(outcome));
    else if (this.#givesUp) this.#fail({ ...this.#givesUp, status }, response);
    else this.core.background(this.#goOn({ outcome: outcomeOf(status), status, reason }, response));
  }

  async #onAnswer({ response, request, target }: RequestOutcome & { kind: "response" }): Promise<void> {
    const { core } = this;
    const dialog = this.#early.open(request, response) ?? Dialog.ofResponse(request, response);
    this.#early.keepOnly(dialog);
    core.context.addDialog(dialog, this);
    core.dialog = dialog;
    dialog.localSeq = Math.max(dialog.localSeq, this.#seq);
    dialog.refreshTarget(response);
    core.learnPeer(response, target);
    if (this.#givesUp) {
      await this.#hangUpLateAnswer(request);
      return;
    }
    // Some send it with an 18x alone, even where that isn't reliable.
    const early = this.#options.body && this.#early.bodyOf(dialog);
    const body = bodyOf(response);
    const isLateOffer = this.#options.body === undefined && this.#lateOffer === undefined && body !== undefined;
    this.#seqOfAnswer = cseqOf(request).number;
    core.state = "confirmed";
    this.#cancelRing();
    const answer = isLateOffer ? await core.guard(() => core.media?.onOffer(body)) : undefined;
    this.#ack = core.ack(request, answer);
    if (this.isOver) return;
    this.negotiation.setInterval(agreeAsClient(response.headers));
    core.emit({
      kind: "answered",
      body: this.#updated === dialog ? undefined : (body ?? early),
      headers: response.headers,
    });
    await this.#ack;
    if (isLateOffer && answer === undefined) this.hangUp({ reason: 'SIP;cause=488;text="No common media"' });
  }

  /** It was answered while the CANCEL was on its way. */
  async #hangUpLateAnswer(invite: SipRequest): Promise<void> {
    this.#seqOfAnswer = cseqOf(invite).number;
    this.#ack = this.core.ack(invite);
    await this.#ack;
    this.core.background(this.core.request("BYE"));
    this.#fail(this.#givesUp ?? { outcome: "cancelled", status: 0, reason: "Cancelled" });
  }

  /** The same 2xx again, or another branch of a forked call that answered too. */
  #onExtraAnswer(response: SipResponse, request: SipRequest): void {
    if (toTagOf(response) === this.core.dialog?.remoteTag) this.#repeatFirstAck();
    else this.#refuseAnswer({ response, request });
  }

  #repeatFirstAck(): void {
    this.core.background(this.#ack.then((ack) => ack && this.core.repeatAck(ack)));
  }

  /** Acknowledges an answer nobody wants and hangs up on it at once (RFC 3261 section 13.2.2.4). */
  #refuseAnswer({ response, request }: { response: SipResponse; request: SipRequest }): void {
    const { context, digest } = this.core;
    const spare = new CallCore({ context, direction: "out", digest });
    spare.dialog = Dialog.ofResponse(request, response);
    spare.peer = this.core.peer;
    this.core.background(spare.ack(request).then(() => spare.request("BYE")));
  }

  /** Calls the next address that a 3xx has named (RFC 3261 section 8.1.3.4); with none left the call has failed. */
  async #goOn(why: { outcome: CallOutcome; status: number; reason: string }, response?: SipResponse): Promise<void> {
    const { maxRedirects = 2, redirectTo = ofSip } = this.#options;
    // Until the next INVITE there is nothing to be cancelled.
    this.#run = undefined;
    if (response && why.outcome === "redirected") {
      this.#redirectTargets = contactsOf(response).slice(0, MAX_NAMED);
      this.#named = [...this.#redirectTargets, ...this.#named].slice(0, MAX_NAMED);
    }
    while (why.status < 600 && this.#called.size <= maxRedirects) {
      const named = this.#named.shift();
      if (named === undefined) break;
      const next = (await this.core.guard(() => redirectTo(named)))?.replace(/\?.*$/s, "");
      if (this.state !== "early") return;
      if (next === undefined || this.#called.has(next)) continue;
      this.#seq += 1;
      this.core.dialog = undefined;
      this.#early.keepOnly(undefined);
      return this.#invite(next);
    }
    this.#fail(why, response);
  }

  #fail(why: { outcome: CallOutcome; status: number; reason: string }, response?: SipResponse): void {
    this.#early.keepOnly(this.core.dialog);
    this.core.finish({ kind: "failed", ...why, headers: response?.headers, redirects: this.#redirectTargets });
  }
}

const FAILURES = {
  timeout: "No response",
  transport: "The connection failed",
  no_target: "The address leads nowhere",
} as const;

/** Addresses of 3xx answers that are kept. */
const MAX_NAMED = 16;

/** Those of highest q first; what is no address is left out. */
function contactsOf({ headers }: SipResponse): string[] {
  const contacts = headers.all("contact").flatMap((text) => {
    try {
      const { uri, params } = parseNameAddr(text, "Contact");
      const q = Number(params.get("q") ?? 1);
      return [{ uri, q: Number.isNaN(q) ? 1 : q }];
    } catch (error) {
      if (error instanceof SipError) return [];
      throw error;
    }
  });
  return contacts.toSorted((one, other) => other.q - one.q).map(({ uri }) => uri);
}

function ofSip(uri: string): string | undefined {
  return /^sips?:/i.test(uri) ? uri : undefined;
}

const NOWHERE: Target = { protocol: "udp", address: "", port: 0 };

function toRoute(uri: string): string {
  return /;lr(?:[;=]|$)/i.test(uri) ? `<${uri}>` : `<${uri};lr>`;
}
