import { SipError } from "../message/sip-error.ts";
import { SipHeaders } from "../message/sip-headers.ts";
import { bodyOf, type SipBody, type SipRequest, type SipResponse } from "../message/sip-message.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import type { DialogOwner } from "./call-context.ts";
import type { CallCore } from "./call-core.ts";
import type { CallWatcher, EndCause } from "./call-event.ts";
import { type CustomHeaders, checkCustomHeaders } from "./custom-headers.ts";
import { type DtmfInfoFormat, isDigit, makeDtmfInfo, readDtmfInfo } from "./dtmf-info.ts";
import { IncomingRefer } from "./incoming-refer.ts";
import { Negotiation, type ReofferResult } from "./negotiation.ts";
import { formatReplaces } from "./replaces.ts";
import { SessionTimer } from "./session-timer.ts";
import { Transfer, type TransferOutcome, type TransferProgress } from "./transfer.ts";

/** How a request inside a call went. */
export type SendResult =
  | { readonly kind: "answered"; readonly status: number; readonly reason: string }
  | { readonly kind: "unanswered" };

export type ReferOptions = {
  /** Whom the far end shall call. With `replaces` it may be left out: then that call's far end. */
  readonly target?: string;
  /** The call to the new party that the far end's new call takes the place of: an attended transfer. */
  readonly replaces?: Call;
  readonly headers?: CustomHeaders;
  /** Until the last report. Default 60 s. */
  readonly timeoutMs?: number;
  readonly onProgress?: (progress: TransferProgress) => void;
};

/** What calls in both directions have in common, once there is a dialog. */
export class Call implements DialogOwner {
  protected readonly core: CallCore;
  protected readonly negotiation: Negotiation;
  readonly #transfer: Transfer;

  protected constructor(core: CallCore) {
    this.core = core;
    const timer = new SessionTimer(core);
    this.negotiation = new Negotiation(core, (interval) => timer.arm(interval, this.negotiation));
    this.#transfer = new Transfer(core);
  }

  get direction(): "in" | "out" {
    return this.core.direction;
  }

  get state(): "early" | "confirmed" | "ended" {
    return this.core.state;
  }

  get isOver(): boolean {
    return this.core.state === "ended";
  }

  /** Call-ID and tags, or undefined before the first response that has a tag. */
  get dialogId(): { callId: string; localTag: string; remoteTag: string } | undefined {
    const { dialog } = this.core;
    return dialog && { callId: dialog.callId, localTag: dialog.localTag, remoteTag: dialog.remoteTag };
  }

  /** Address and port that the far end's signalling comes from. */
  get peer(): { readonly protocol: string; readonly address: string; readonly port: number } | undefined {
    return this.core.peer;
  }

  /** Says who gets the events and speaks for the media. Events since the start are handed over. */
  watch(watcher: CallWatcher): void {
    this.core.watch(watcher);
  }

  /**
   * Offers new media by re-INVITE, or by UPDATE: hold, another codec, another address. Glare is tried again.
   * @throws SipError for headers that can't be sent
   */
  reinvite(options: { body: SipBody; headers?: CustomHeaders; method?: "INVITE" | "UPDATE" }): Promise<ReofferResult> {
    const headers = checkCustomHeaders(options.headers);
    return this.negotiation.reoffer({ method: options.method ?? "INVITE", body: options.body, headers });
  }

  /**
   * Transfers the far end: blind to `target`, or attended with `replaces`. Never rejects; the call goes on until
   * somebody hangs up.
   * @throws SipError for headers that can't be sent
   */
  refer({ target, replaces, headers, timeoutMs, onProgress }: ReferOptions): Promise<TransferOutcome> {
    const custom = checkCustomHeaders(headers);
    const other = replaces?.core.dialog;
    const base = target ?? other?.remoteTarget;
    if (base === undefined) return Promise.resolve({ kind: "impossible", reason: "call_over" });
    const { callId, localTag: fromTag, remoteTag: toTag } = other ?? { callId: "", localTag: "", remoteTag: "" };
    const value = encodeURIComponent(formatReplaces({ callId, toTag, fromTag, isEarlyOnly: false }));
    const uri = other ? `${base.replace(/\?.*$/s, "")}?Replaces=${value}` : base;
    return this.#transfer.refer({ target: uri, headers: custom, timeoutMs, onProgress });
  }

  /** Sends an INFO. */
  sendInfo(body: SipBody, headers?: CustomHeaders): Promise<SendResult> {
    return this.#send("INFO", body, headers);
  }

  /**
   * Presses a key by INFO. @param options `durationMs` default 160, `format` default dtmf-relay
   * @throws RangeError for what isn't 0-9, A-D, * or #
   */
  sendDigit(digit: string, options: { durationMs?: number; format?: DtmfInfoFormat } = {}): Promise<SendResult> {
    if (!isDigit(digit)) throw new RangeError(`${JSON.stringify(digit)} is not one of 0-9, A-D, * and #`);
    const { durationMs = 160, format = "dtmf-relay" } = options;
    return this.#send("INFO", makeDtmfInfo(digit, durationMs, format), undefined);
  }

  /** Sends a text message inside the call. */
  sendMessage(body: SipBody, headers?: CustomHeaders): Promise<SendResult> {
    return this.#send("MESSAGE", body, headers);
  }

  /** Ends a call that was answered. The far end is told; the call is over at once. Again: no effect. */
  hangUp(options: { headers?: CustomHeaders; reason?: string } = {}): void {
    this.close("local_hang_up", options);
  }

  protected close(cause: EndCause, { headers, reason }: { headers?: CustomHeaders; reason?: string } = {}): void {
    if (this.core.state !== "confirmed") return;
    const own = checkCustomHeaders(headers);
    if (reason !== undefined) own.set("reason", reason);
    this.negotiation.afterAck(() => this.core.background(this.core.request("BYE", { headers: own })));
    this.core.end(cause);
  }

  /** Ends the call because another took its place, or the user agent closes. */
  closeFor(cause: "replaced" | "shutdown"): void {
    this.close(cause);
  }

  onRequest(transaction: ServerTransaction): void {
    const { core } = this;
    const { request, source } = transaction;
    if (request.method !== "PRACK" && core.dialog && !core.dialog.takeSeq(request)) {
      core.reply(transaction, { status: 500, reason: "CSeq Out Of Order" });
      return;
    }
    if (this.isOver && request.method !== "NOTIFY") {
      core.reply(transaction, { status: 481 });
      return;
    }
    core.learnPeer(request, source);
    this.dispatch(transaction);
  }

  onAck(request: SipRequest): void {
    const { isFirst, answer } = this.negotiation.onAck(request);
    if (isFirst && !this.isOver) this.onAcknowledged(answer);
  }

  onRepeatedAnswer(response: SipResponse): void {
    this.negotiation.repeatAck(response);
  }

  /** The ACK to an answer of ours came. */
  protected onAcknowledged(answer: SipBody | undefined): void {
    if (answer) this.core.background(this.core.guard(() => this.core.media?.onAnswer(answer)));
  }

  protected dispatch(transaction: ServerTransaction): void {
    const { core } = this;
    const { request } = transaction;
    switch (request.method) {
      case "BYE":
        this.onBye(transaction);
        return;
      case "INVITE":
        core.background(this.negotiation.onInvite(transaction));
        return;
      case "UPDATE":
        core.background(this.negotiation.onUpdate(transaction));
        return;
      case "INFO":
        this.#onInfo(transaction);
        return;
      case "MESSAGE":
        core.reply(transaction, { status: 200 });
        core.emit({ kind: "message", body: bodyOf(request), headers: request.headers });
        return;
      case "REFER":
        this.#onRefer(transaction);
        return;
      case "NOTIFY":
        this.#onNotify(transaction);
        return;
      case "OPTIONS":
        core.reply(transaction, { status: 200 });
        return;
      default:
        core.reply(transaction, { status: request.method === "PRACK" ? 481 : 405 });
    }
  }

  protected onBye(transaction: ServerTransaction): void {
    this.core.reply(transaction, { status: 200 });
    this.core.end("remote_hang_up", transaction.request);
  }

  #onInfo(transaction: ServerTransaction): void {
    const { core } = this;
    const { request } = transaction;
    core.reply(transaction, { status: 200 });
    const body = bodyOf(request);
    const key = body && readDtmfInfo(body);
    if (key) core.emit({ kind: "digit", ...key });
    else core.emit({ kind: "info", body, headers: request.headers });
  }

  #onRefer(transaction: ServerTransaction): void {
    try {
      this.core.emit({ kind: "refer", refer: new IncomingRefer(this.core, transaction) });
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      this.core.reply(transaction, { status: 400, reason: "Bad Refer-To" });
    }
  }

  #onNotify(transaction: ServerTransaction): void {
    const { request } = transaction;
    const isRefer = /^refer\b/i.test(request.headers.get("event") ?? "");
    if (!isRefer) this.core.reply(transaction, { status: 489 });
    else this.core.reply(transaction, { status: this.#transfer.onNotify(request) ? 200 : 481 });
  }

  async #send(method: "INFO" | "MESSAGE", body: SipBody, headers: CustomHeaders | undefined): Promise<SendResult> {
    const own = headers ? checkCustomHeaders(headers) : new SipHeaders();
    if (this.core.state === "ended" || !this.core.dialog) return { kind: "unanswered" };
    const outcome = await this.core.request(method, { body, headers: own });
    if (outcome.kind === "failure") return { kind: "unanswered" };
    const { status, reason } = outcome.response;
    return { kind: "answered", status, reason };
  }
}
