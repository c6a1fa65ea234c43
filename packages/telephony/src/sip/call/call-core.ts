import { isIP } from "node:net";
import type { DigestClient } from "../auth/digest-client.ts";
import type { Dialog } from "../dialog/dialog.ts";
import { SipHeaders } from "../message/sip-headers.ts";
import { cseqOf, type SipBody, type SipMessage, type SipRequest, type SipResponse } from "../message/sip-message.ts";
import { parseUri } from "../message/uri.ts";
import { type RequestOutcome, RequestRun } from "../request/request-run.ts";
import type { ServerTransaction } from "../transaction/server-transaction.ts";
import type { Source, Target } from "../transport/network.ts";
import { ALLOWED_METHODS, type CallContext, SUPPORTED_EXTENSIONS } from "./call-context.ts";
import type { CallEvent, CallMedia, CallWatcher, EndCause } from "./call-event.ts";

/** Events kept for a watcher that isn't there yet; the oldest is dropped. */
const MAX_HELD_EVENTS = 64;
/** An ended call's dialog still answers repetitions for so long. */
const LINGER_MS = 32_000;

export type InDialogOptions = {
  readonly headers?: SipHeaders;
  readonly body?: SipBody | undefined;
  readonly amend?: (response: SipResponse, request: SipRequest) => SipRequest | undefined;
  readonly onExtraAnswer?: (response: SipResponse, request: SipRequest, target: Target) => void;
};

/** What the parts of one call share: its dialog, its watcher, and whether it is over. */
export class CallCore {
  readonly context: CallContext;
  readonly direction: "in" | "out";
  readonly digest: DigestClient | undefined;
  readonly contactUser: string | undefined;
  state: "early" | "confirmed" | "ended" = "early";
  dialog: Dialog | undefined;
  /** Where the far end's messages came from, or the first request went. */
  peer: Source | Target | undefined;
  /** Methods the far end says it takes, upper case. */
  peerAllows: ReadonlySet<string> = new Set();
  readonly #onClose: (() => void)[] = [];
  #held: CallEvent[] = [];
  #watcher: CallWatcher | undefined;

  constructor(options: {
    context: CallContext;
    direction: "in" | "out";
    digest?: DigestClient | undefined;
    contactUser?: string | undefined;
    watcher?: CallWatcher | undefined;
  }) {
    this.context = options.context;
    this.direction = options.direction;
    this.digest = options.digest;
    this.contactUser = options.contactUser;
    this.#watcher = options.watcher;
  }

  get media(): CallMedia | undefined {
    return this.#watcher?.media;
  }

  watch(watcher: CallWatcher): void {
    this.#watcher = watcher;
    const held = this.#held;
    this.#held = [];
    for (const event of held) this.emit(event);
  }

  /** What a watcher throws is reported, and disturbs nobody. */
  emit(event: CallEvent): void {
    if (!this.#watcher) {
      this.#held.push(event);
      if (this.#held.length > MAX_HELD_EVENTS) this.#held.shift();
      return;
    }
    try {
      this.#watcher.onEvent(event);
    } catch (error) {
      this.context.onWatcherError(error);
    }
  }

  /** Lets a step run on its own; what it throws costs this step alone. */
  background(step: Promise<unknown>): void {
    step.catch((error: unknown) => this.context.onInternalError(error));
  }

  /** Asks the media side; undefined when it throws, which is reported. */
  async guard<Result>(ask: () => Result | Promise<Result>): Promise<Result | undefined> {
    try {
      return await ask();
    } catch (error) {
      this.context.onWatcherError(error);
      return undefined;
    }
  }

  /** Runs when the call is over. */
  onClose(run: () => void): void {
    this.#onClose.push(run);
  }

  end(cause: EndCause, message?: SipMessage): void {
    const { headers } = message ?? {};
    this.finish({ kind: "ended", cause, reason: headers?.get("reason"), headers });
  }

  /** The last event; whatever comes after is nothing. */
  finish(event: CallEvent & { kind: "ended" | "failed" }): void {
    if (this.state === "ended") return;
    this.state = "ended";
    for (const run of this.#onClose) run();
    const { dialog, context } = this;
    if (dialog) context.clock.after(LINGER_MS, () => context.removeDialog(dialog));
    this.emit(event);
  }

  /** Notes what a message tells of the far end. */
  learnPeer(message: SipMessage, peer: Source | Target): void {
    this.peer = peer;
    this.learnAllowed(message);
  }

  /** A far end need not say in each message what it takes. */
  learnAllowed(message: SipMessage): void {
    const allows = message.headers.tokens("allow");
    if (allows.length > 0) this.peerAllows = new Set(allows.map((method) => method.toUpperCase()));
  }

  /** A request inside the dialog, with challenges answered. A 481 ends the call. */
  async request(method: string, options: InDialogOptions = {}): Promise<RequestOutcome> {
    const { dialog, context, digest } = this;
    if (!dialog) throw new Error(`No dialog for ${method} yet`);
    const request = dialog.request(method, options);
    const targets = await this.#targets(dialog);
    const outcome = await new Promise<RequestOutcome>((resolve) => {
      const run = new RequestRun({
        layer: context.layer,
        request,
        targets,
        digest,
        nextSeq: () => {
          dialog.localSeq += 1;
          return dialog.localSeq;
        },
        prepare: (next, target) => this.#sign(next, target),
        ...(options.amend && { amend: options.amend }),
        ...(options.onExtraAnswer && { onExtraAnswer: options.onExtraAnswer }),
        onOutcome: resolve,
      });
      run.start();
    });
    this.#checkDialog(method, outcome);
    return outcome;
  }

  /** An ACK for a 2xx to this INVITE, with its credentials (RFC 3261 section 22.1); returns it for repetition. */
  async ack(invite: SipRequest, body?: SipBody): Promise<SipRequest | undefined> {
    const { dialog } = this;
    if (!dialog) return undefined;
    const headers = new SipHeaders();
    for (const name of ["authorization", "proxy-authorization"]) headers.set(name, invite.headers.all(name));
    const request = dialog.request("ACK", { seq: cseqOf(invite).number, headers, body });
    await this.repeatAck(request);
    return request;
  }

  async repeatAck(ack: SipRequest): Promise<void> {
    const [target] = this.dialog ? await this.#targets(this.dialog) : [];
    if (target) this.context.layer.sendAck(ack, target);
  }

  reply(
    transaction: ServerTransaction,
    options: {
      status: number;
      reason?: string | undefined;
      headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
      body?: SipBody | undefined;
    },
  ): SipResponse {
    const { context, dialog } = this;
    const contact = { contact: context.contactFor(transaction.source, this.contactUser) };
    return transaction.reply({
      ...options,
      toTag: dialog?.localTag,
      headers: {
        ...(options.status > 100 && options.status < 300 && contact),
        allow: ALLOWED_METHODS,
        supported: SUPPORTED_EXTENSIONS,
        server: context.productName,
        ...options.headers,
      },
    });
  }

  #sign(request: SipRequest, target: Target): void {
    const { context } = this;
    const { method, headers } = request;
    if (method !== "BYE" && method !== "CANCEL") headers.set("contact", context.contactFor(target, this.contactUser));
    headers.set("user-agent", context.productName);
    if (method === "INVITE" || method === "UPDATE") {
      headers.set("allow", ALLOWED_METHODS).set("supported", SUPPORTED_EXTENSIONS);
    }
  }

  /** The next hop; a far end behind a NAT is reached where its messages come from. */
  async #targets(dialog: Dialog): Promise<readonly Target[]> {
    const { peer } = this;
    const targets = await this.context.targetsOf(dialog.nextHop);
    if (!peer) return targets;
    const [first] = targets;
    if (!first) return [peer];
    const isBehindNat = dialog.routes.length === 0 && isPrivate(first.address) && !isPrivate(peer.address);
    const isSameHop = dialog.routes.length === 0 || first.address === peer.address;
    if (isBehindNat || (isSameHop && peer.flowId !== undefined)) return [peer];
    return targets;
  }

  #checkDialog(method: string, outcome: RequestOutcome): void {
    if (method === "BYE") return;
    const renews = method === "INVITE" || method === "UPDATE";
    const status = outcome.kind === "response" ? outcome.response.status : 408;
    if (status === 481 || (status === 408 && renews)) this.end("dialog_gone");
  }
}

/** Addresses that mean nothing outside their own network. */
function isPrivate(address: string): boolean {
  if (isIP(address) === 4)
    return /^(10\.|127\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(
      address,
    );
  return /^(::1$|f[cd]|fe[89ab])/i.test(address);
}

/** The user part of an address of record, for our Contact. */
export function userOfUri(uri: string): string | undefined {
  const { scheme, user } = parseUri(uri);
  return scheme === "tel" ? undefined : user;
}
