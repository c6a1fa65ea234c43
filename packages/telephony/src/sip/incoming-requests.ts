import type { AdmissionVerdict } from "./admission/admission.ts";
import { Call } from "./call/call.ts";
import { ALLOWED_METHODS, type CallContext, type DialogOwner, SUPPORTED_EXTENSIONS } from "./call/call-context.ts";
import { IncomingCall } from "./call/incoming-call.ts";
import { parseReplaces } from "./call/replaces.ts";
import { agreeAsServer } from "./call/session-interval.ts";
import { dialogIdOfRequest, dialogKey } from "./dialog/dialog.ts";
import type { UserAgentFault } from "./fault.ts";
import type { NameAddr } from "./message/name-addr.ts";
import { SipError } from "./message/sip-error.ts";
import type { SipHeaders } from "./message/sip-headers.ts";
import { bodyOf, fromOf, type ResponseOptions, type SipBody, type SipRequest, toOf } from "./message/sip-message.ts";
import type { ServerTransaction } from "./transaction/server-transaction.ts";
import type { TransactionLayer } from "./transaction/transaction-layer.ts";
import type { Source } from "./transport/network.ts";

/** A text message that belongs to no call. */
export type IncomingMessage = {
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly body: SipBody | undefined;
  readonly headers: SipHeaders;
  readonly source: Source;
};

type Options = {
  readonly context: CallContext;
  readonly layer: TransactionLayer;
  readonly dialogs: ReadonlyMap<string, DialogOwner>;
  readonly admit: (request: SipRequest, source: Source) => AdmissionVerdict;
  readonly onIncomingCall: ((call: IncomingCall) => void) | undefined;
  readonly onRegister: ((transaction: ServerTransaction) => void | Promise<void>) | undefined;
  readonly onMessage: ((message: IncomingMessage) => number | Promise<number>) | undefined;
  readonly onFault: ((fault: UserAgentFault) => void) | undefined;
};

/** Who warns, as a pseudonym (RFC 3261 section 20.43). */
const WARN_AGENT = "earshot";
const EXTENSIONS: ReadonlySet<string> = new Set(SUPPORTED_EXTENSIONS.split(", "));
/** Of RFC 3261 and its extensions: understood elsewhere, so 405 and not 501. */
const KNOWN_METHODS =
  /^(INVITE|ACK|CANCEL|BYE|OPTIONS|INFO|UPDATE|REFER|NOTIFY|PRACK|MESSAGE|REGISTER|SUBSCRIBE|PUBLISH)$/;

/** Says where each request that starts a transaction belongs (RFC 3261 section 8.2). */
export class IncomingRequests {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  onRequest(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (request.method === "CANCEL") {
      this.#onCancel(transaction);
      return;
    }
    const id = dialogIdOfRequest(request);
    if (!id && !this.#isAdmitted(transaction)) return;
    if (!KNOWN_METHODS.test(request.method)) {
      this.#reply(transaction, { status: 501 });
      return;
    }
    const unknown = request.headers.tokens("require").filter((extension) => !EXTENSIONS.has(extension));
    if (unknown.length > 0) {
      this.#reply(transaction, { status: 420, headers: { unsupported: unknown } });
      return;
    }
    if (!id) this.#onNew(transaction);
    else {
      const owner = this.#options.dialogs.get(dialogKey(id));
      if (owner) owner.onRequest(transaction);
      else this.#reply(transaction, { status: 481 });
    }
  }

  onAck(request: SipRequest): void {
    const id = dialogIdOfRequest(request);
    if (id) this.#options.dialogs.get(dialogKey(id))?.onAck(request);
  }

  /** A request that can't be read is answered under the same rules. */
  mayAnswerMalformed(request: SipRequest, source: Source): boolean {
    return this.#options.admit(request, source).kind === "admitted";
  }

  #onNew(transaction: ServerTransaction): void {
    const { request } = transaction;
    switch (request.method) {
      case "INVITE":
        this.#onInvite(transaction);
        return;
      case "OPTIONS":
        this.#reply(transaction, { status: 200, headers: { accept: "application/sdp" } });
        return;
      case "REGISTER":
        this.#onRegister(transaction);
        return;
      case "MESSAGE":
        this.#onMessage(transaction);
        return;
      case "BYE":
      case "UPDATE":
      case "PRACK":
      case "INFO":
      case "NOTIFY":
        this.#reply(transaction, { status: 481 });
        return;
      default:
        this.#reply(transaction, { status: 405 });
    }
  }

  #onInvite(transaction: ServerTransaction): void {
    const { context, onIncomingCall } = this.#options;
    const { headers } = transaction.request;
    const type = bodyOf(transaction.request)?.contentType.split(";")[0]?.trim().toLowerCase();
    if (headers.has("content-encoding")) {
      this.#reply(transaction, { status: 415, headers: { "accept-encoding": "identity" } });
      return;
    }
    if (type !== undefined && type !== "application/sdp" && !type.startsWith("multipart/")) {
      this.#reply(transaction, { status: 415, headers: { accept: "application/sdp" } });
      return;
    }
    if (!takesSdp(headers)) {
      this.#reply(transaction, {
        status: 406,
        headers: { warning: `399 ${WARN_AGENT} "Answers are application/sdp"` },
      });
      return;
    }
    const verdict = agreeAsServer(headers, context.session);
    if (verdict.kind === "too-small") {
      this.#reply(transaction, { status: 422, headers: verdict.headers });
      return;
    }
    const replaced = this.#findReplaced(transaction);
    if (replaced === "refused") return;
    if (!onIncomingCall) {
      this.#reply(transaction, { status: 480 });
      return;
    }
    this.#reply(transaction, { status: 100 });
    onIncomingCall(new IncomingCall({ context, transaction, replaces: replaced }));
  }

  /** RFC 3891 section 3. */
  #findReplaced(transaction: ServerTransaction): Call | "refused" | undefined {
    const text = transaction.request.headers.get("replaces");
    if (text === undefined) return undefined;
    try {
      const { callId, toTag, fromTag, isEarlyOnly } = parseReplaces(text);
      const call = this.#options.dialogs.get(dialogKey({ callId, localTag: toTag, remoteTag: fromTag }));
      if (!(call instanceof Call)) this.#reply(transaction, { status: 481 });
      else if (call.isOver) this.#reply(transaction, { status: 603 });
      else if (isEarlyOnly && call.state === "confirmed") this.#reply(transaction, { status: 486 });
      else if (call.state === "early" && call.direction === "in") this.#reply(transaction, { status: 481 });
      else return call;
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      this.#reply(transaction, { status: 400, reason: "Bad Replaces" });
    }
    return "refused";
  }

  #onMessage(transaction: ServerTransaction): void {
    const { onMessage } = this.#options;
    if (!onMessage) {
      this.#reply(transaction, { status: 405 });
      return;
    }
    const { request, source } = transaction;
    const message = {
      from: fromOf(request),
      to: toOf(request),
      body: bodyOf(request),
      headers: request.headers,
      source,
    };
    this.#guard(transaction, async () => this.#reply(transaction, { status: await onMessage(message) }));
  }

  #onCancel(transaction: ServerTransaction): void {
    const invite = this.#options.layer.findInvite(transaction.request);
    this.#reply(transaction, { status: invite ? 200 : 481, ...(invite && { toTag: invite.toTag }) });
    if (invite?.isOpen) invite.onCancel?.(transaction.request);
  }

  #isAdmitted(transaction: ServerTransaction): boolean {
    const { request, source } = transaction;
    const verdict = this.#options.admit(request, source);
    if (verdict.kind === "admitted") return true;
    const { reason } = verdict;
    this.#options.onFault?.({ code: "refused", message: `${request.method} refused: ${reason}`, source, reason });
    if (verdict.kind === "refused") transaction.reply({ status: verdict.status, toTag: transaction.toTag });
    else transaction.ignore();
    return false;
  }

  #onRegister(transaction: ServerTransaction): void {
    const { onRegister } = this.#options;
    if (onRegister) this.#guard(transaction, async () => onRegister(transaction));
    else this.#reply(transaction, { status: 405 });
  }

  /** A listener that throws costs its own request a 500. */
  #guard(transaction: ServerTransaction, work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      this.#options.onFault?.({ code: "internal", message: "A request could not be handled", error });
      if (transaction.isOpen) this.#reply(transaction, { status: 500 });
    });
  }

  #reply(transaction: ServerTransaction, options: ResponseOptions): void {
    transaction.reply({
      toTag: transaction.toTag,
      ...options,
      headers: {
        ...(options.status > 100 && { allow: ALLOWED_METHODS, supported: SUPPORTED_EXTENSIONS }),
        server: this.#options.context.productName,
        ...options.headers,
      },
    });
  }
}

/** What answers a call must be among what the caller accepts; it need not say so. */
function takesSdp(headers: SipHeaders): boolean {
  const accepted = headers.all("accept").map((text) => text.split(";")[0]?.trim().toLowerCase() ?? "");
  if (accepted.length === 0) return true;
  return accepted.some((type) => ["application/sdp", "application/*", "*/*"].includes(type));
}
