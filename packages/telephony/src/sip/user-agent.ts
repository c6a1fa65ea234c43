import type { Clock } from "../clock.ts";
import { type AdmissionVerdict, admitAll } from "./admission/admission.ts";
import type { DigestClient } from "./auth/digest-client.ts";
import type { CallContext, DialogOwner } from "./call/call-context.ts";
import type { IncomingCall } from "./call/incoming-call.ts";
import { type InviteOptions, OutgoingCall } from "./call/outgoing-call.ts";
import { DEFAULT_SESSION_INTERVAL, type SessionIntervalSettings } from "./call/session-interval.ts";
import { dialogIdOfResponse, dialogKey } from "./dialog/dialog.ts";
import type { UserAgentFault } from "./fault.ts";
import { newTag } from "./identifiers.ts";
import { type IncomingMessage, IncomingRequests } from "./incoming-requests.ts";
import { parseMessage } from "./message/parse-message.ts";
import { SipError } from "./message/sip-error.ts";
import { makeResponse, type SipMessage, type SipRequest, type SipResponse } from "./message/sip-message.ts";
import { findUri } from "./message/uri.ts";
import { type RequestOutcome, RequestRun } from "./request/request-run.ts";
import { markSource } from "./transaction/response-target.ts";
import type { ServerTransaction } from "./transaction/server-transaction.ts";
import { TransactionLayer } from "./transaction/transaction-layer.ts";
import { dnsLookup } from "./transport/dns-lookup.ts";
import type { SipNetwork, Source, Target, TransportProtocol } from "./transport/network.ts";
import { type NameLookup, resolveTargets } from "./transport/resolve-target.ts";

export type UserAgentOptions = {
  readonly clock: Clock;
  readonly network: SipNetwork;
  /** Default: the machine's resolver. */
  readonly lookup?: NameLookup;
  /** Value of User-Agent and Server. Default "Earshot". */
  readonly productName?: string;
  readonly session?: Partial<SessionIntervalSettings>;
  /** Requests larger than this go over TCP first, then UDP (RFC 3261 §18.1.1 says 1300). Default: never. */
  readonly tcpAboveBytes?: number;
  /** Decides who may send a request outside a call, before any work. Default: everybody. */
  readonly admit?: (request: SipRequest, source: Source) => AdmissionVerdict;
  /** A call has come in and was told 100. Without it calls get 480. */
  readonly onIncomingCall?: (call: IncomingCall) => void;
  /** A REGISTER to answer, e.g. by a Registrar. Without it: 405. */
  readonly onRegister?: (transaction: ServerTransaction) => void | Promise<void>;
  /** A text message outside a call; the status to answer with. Without it: 405. */
  readonly onMessage?: (message: IncomingMessage) => number | Promise<number>;
  readonly onFault?: (fault: UserAgentFault) => void;
  /** Sees every message in and out. */
  readonly onTrace?: (direction: "in" | "out", message: SipMessage, peer: Source | Target) => void;
};

/** Both ends of SIP on one set of sockets: takes and places calls, sends and answers what else there is. */
export class UserAgent {
  readonly #options: UserAgentOptions;
  readonly #layer: TransactionLayer;
  readonly #requests: IncomingRequests;
  readonly #dialogs = new Map<string, DialogOwner>();
  readonly #context: CallContext;
  #isOpen = false;

  constructor(options: UserAgentOptions) {
    this.#options = options;
    const { network, productName = "Earshot", onTrace } = options;
    const onInternalError = (error: unknown) => {
      options.onFault?.({ code: "internal", message: "A step of a call failed", error });
    };
    const clock = guardedClock(options.clock, onInternalError);
    this.#layer = new TransactionLayer({
      clock,
      onInternalError,
      network,
      onTrace,
      tcpAboveBytes: options.tcpAboveBytes,
      user: {
        onRequest: (transaction) => this.#requests.onRequest(transaction),
        onAck: (request) => this.#requests.onAck(request),
        onStrayResponse: (response) => this.#onStrayResponse(response),
      },
    });
    this.#context = {
      clock,
      layer: this.#layer,
      productName,
      session: { ...DEFAULT_SESSION_INTERVAL, ...options.session },
      targetsOf: (uri) => this.targetsOf(uri),
      contactFor: (peer, user) => this.#contactFor(peer, user),
      addDialog: (dialog, owner) => this.#dialogs.set(dialogKey(dialog), owner),
      removeDialog: (dialog) => this.#dialogs.delete(dialogKey(dialog)),
      onWatcherError: (error) => {
        options.onFault?.({ code: "watcher_threw", message: "What watches a call threw", error });
      },
      onInternalError,
    };
    this.#requests = new IncomingRequests({
      context: this.#context,
      layer: this.#layer,
      dialogs: this.#dialogs,
      admit: options.admit ?? admitAll,
      onIncomingCall: options.onIncomingCall,
      onRegister: options.onRegister,
      onMessage: options.onMessage,
      onFault: options.onFault,
    });
  }

  /** Opens the sockets. @throws NetworkError `cannot_bind` */
  async start(): Promise<void> {
    await this.#options.network.start({
      onMessage: (bytes, source) => this.#receive(bytes, source),
      onFlowClosed: (flowId) => this.#layer.flowClosed(flowId),
      onFault: (fault) => this.#options.onFault?.({ code: "network", message: fault.message, fault }),
    });
    this.#isOpen = true;
  }

  /** Calls that aren't over. */
  get callCount(): number {
    return new Set([...this.#dialogs.values()].filter((owner) => !owner.isOver)).size;
  }

  /** Host and port that peers reach us at, or undefined when the protocol isn't served. */
  localAddress(protocol: TransportProtocol, peerAddress?: string) {
    return this.#options.network.localAddress(protocol, peerAddress);
  }

  /** Places a call; what becomes of it is told to the watcher. @throws SipError for an address or header */
  invite(options: InviteOptions): OutgoingCall {
    const call = new OutgoingCall(this.#context, options);
    call.start();
    return call;
  }

  /**
   * Sends one request outside any call, with challenges answered and other addresses tried. `request` needs From, To,
   * Call-ID and CSeq; Contact is set when `contactUser` is given.
   */
  async send(options: {
    request: SipRequest;
    /** Default: where the first Route or the Request-URI leads. */
    targets?: readonly Target[];
    digest?: DigestClient;
    nextSeq: () => number;
    contact?: (address: string) => string;
    contactUser?: string;
    amend?: (response: SipResponse, request: SipRequest) => SipRequest | undefined;
  }): Promise<RequestOutcome> {
    const { request, contact, contactUser } = options;
    const targets = options.targets ?? (await this.targetsOf(request.headers.get("route") ?? request.uri));
    return new Promise((resolve) => {
      const run = new RequestRun({
        layer: this.#layer,
        request,
        targets,
        digest: options.digest,
        nextSeq: options.nextSeq,
        prepare: (next, target) => {
          next.headers.set("user-agent", this.#context.productName);
          if (contact) next.headers.set("contact", contact(this.#contactFor(target, contactUser)));
        },
        ...(options.amend && { amend: options.amend }),
        onOutcome: resolve,
      });
      run.start();
    });
  }

  /** Where a URI's requests go, best first; empty when it leads nowhere. Accepts `<uri>` too. */
  async targetsOf(text: string): Promise<readonly Target[]> {
    const uri = findUri(text.replace(/^[^<]*<([^>]*)>.*$/s, "$1"));
    return uri ? resolveTargets(uri, this.#options.lookup ?? dnsLookup) : [];
  }

  /** Keeps a NAT binding open, or a connection. */
  keepAlive(target: Target): void {
    this.#options.network.keepAlive(target);
  }

  /** Ends all calls, gives the BYEs a moment to leave, and closes the sockets. Again: no effect. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const call of new Set(this.#dialogs.values())) call.closeFor("shutdown");
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#layer.close();
    this.#dialogs.clear();
    await this.#options.network.close();
  }

  /** One broken message, or one bug met by it, must not cost any other call. */
  #receive(bytes: Uint8Array, source: Source): void {
    try {
      const result = parseMessage(bytes);
      if (result.ok) this.#layer.receive(result.message, source);
      else this.#refuseMalformed(result.error, result.request, source);
    } catch (error) {
      this.#options.onFault?.({ code: "internal", message: "A message could not be handled", error });
    }
  }

  #refuseMalformed(error: SipError, request: SipRequest | undefined, source: Source): void {
    this.#options.onFault?.({ code: "malformed", message: error.message, source, error });
    if (!request || request.method === "ACK" || !this.#requests.mayAnswerMalformed(request, source)) return;
    try {
      const { status, message } = error;
      const reason = message.replace(/[^\x20-\x7e]/g, " ").slice(0, 120);
      this.#layer.sendResponse(makeResponse(markSource(request, source), { status, reason, toTag: newTag() }), source);
    } catch (unanswerable) {
      if (!(unanswerable instanceof SipError)) throw unanswerable;
    }
  }

  #onStrayResponse(response: SipResponse): void {
    const id = dialogIdOfResponse(response);
    const isAnswer = response.status >= 200 && response.status < 300;
    const isInvite = /\bINVITE$/.test(response.headers.get("cseq") ?? "");
    if (id && isAnswer && isInvite) this.#dialogs.get(dialogKey(id))?.onRepeatedAnswer(response);
  }

  #contactFor({ protocol, address }: Source | Target, user: string | undefined): string {
    const local = this.#options.network.localAddress(protocol, address);
    const transport = protocol === "udp" ? "" : `;transport=${protocol}`;
    const at = user === undefined ? "" : `${user}@`;
    return `<sip:${at}${local?.host ?? "invalid"}:${local?.port ?? 5060}${transport}>`;
  }
}

/** What a timer's work throws costs that work alone. */
function guardedClock(clock: Clock, onError: (error: unknown) => void): Clock {
  const guarded = (run: () => void) => () => {
    try {
      run();
    } catch (error) {
      onError(error);
    }
  };
  return {
    nowMs: () => clock.nowMs(),
    after: (delayMs, run) => clock.after(delayMs, guarded(run)),
    every: (periodMs, run) => clock.every(periodMs, guarded(run)),
  };
}
