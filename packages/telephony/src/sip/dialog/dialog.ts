import { formatNameAddr, type NameAddr, parseNameAddr } from "../message/name-addr.ts";
import { withoutParam, withParam } from "../message/params.ts";
import { SipError } from "../message/sip-error.ts";
import { SipHeaders } from "../message/sip-headers.ts";
import {
  callIdOf,
  contactOf,
  cseqOf,
  fromOf,
  makeRequest,
  type SipBody,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  toOf,
} from "../message/sip-message.ts";
import { parseUri } from "../message/uri.ts";

/** The three parts that name a dialog, as seen from here. */
export type DialogId = { readonly callId: string; readonly localTag: string; readonly remoteTag: string };

export function dialogKey({ callId, localTag, remoteTag }: DialogId): string {
  return `${callId} ${localTag} ${remoteTag}`;
}

/** The dialog a request from the far end belongs to; undefined without a To tag. */
export function dialogIdOfRequest(request: SipRequest): DialogId | undefined {
  const localTag = toOf(request).params.get("tag");
  if (localTag === undefined) return undefined;
  return { callId: callIdOf(request), localTag, remoteTag: fromOf(request).params.get("tag") ?? "" };
}

/** The dialog a response to us belongs to; undefined without a To tag. */
export function dialogIdOfResponse(response: SipResponse): DialogId | undefined {
  const remoteTag = toOf(response).params.get("tag");
  if (remoteTag === undefined) return undefined;
  return { callId: callIdOf(response), localTag: fromOf(response).params.get("tag") ?? "", remoteTag };
}

/** What one side knows of a dialog, RFC 3261 section 12: who, by which way, and which number comes next. */
export class Dialog implements DialogId {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** Our From, without tag. */
  readonly local: NameAddr;
  /** The far end's address, without tag. */
  readonly remote: NameAddr;
  /** Highest CSeq used here. */
  localSeq: number;
  /** Where requests go in the end; a target refresh changes it. */
  #remoteTarget: string;
  /** Nearest hop first. */
  readonly routes: readonly string[];
  #remoteSeq: number | undefined;

  private constructor(state: {
    id: DialogId;
    local: NameAddr;
    remote: NameAddr;
    remoteTarget: string;
    routes: readonly string[];
    localSeq: number;
    remoteSeq?: number;
  }) {
    this.callId = state.id.callId;
    this.localTag = state.id.localTag;
    this.remoteTag = state.id.remoteTag;
    this.local = { ...state.local, params: withoutParam(state.local.params, "tag") };
    this.remote = { ...state.remote, params: withoutParam(state.remote.params, "tag") };
    this.#remoteTarget = state.remoteTarget;
    this.routes = state.routes;
    this.localSeq = state.localSeq;
    this.#remoteSeq = state.remoteSeq;
  }

  /** The callee's side: made by our answer to a request. */
  static ofRequest(request: SipRequest, localTag: string): Dialog {
    const from = fromOf(request);
    return new Dialog({
      id: { callId: callIdOf(request), localTag, remoteTag: from.params.get("tag") ?? "" },
      local: toOf(request),
      remote: from,
      remoteTarget: contactOf(request)?.uri ?? from.uri,
      routes: request.headers.all("record-route"),
      localSeq: 0,
      remoteSeq: cseqOf(request).number,
    });
  }

  /** The caller's side: made by a response to our request. */
  static ofResponse(request: SipRequest, response: SipResponse): Dialog {
    const to = toOf(response);
    const from = fromOf(request);
    return new Dialog({
      id: {
        callId: callIdOf(request),
        localTag: from.params.get("tag") ?? "",
        remoteTag: to.params.get("tag") ?? "",
      },
      local: from,
      remote: to,
      remoteTarget: contactOf(response)?.uri ?? request.uri,
      routes: [...response.headers.all("record-route")].reverse(),
      localSeq: cseqOf(request).number,
    });
  }

  get remoteTarget(): string {
    return this.#remoteTarget;
  }

  /** Takes the Contact of a re-INVITE, UPDATE or their 2xx as the far end's new address. */
  refreshTarget(message: SipMessage): void {
    const contact = contactOf(message);
    if (contact) this.#remoteTarget = contact.uri;
  }

  /** Notes the number of a request from the far end; false when an earlier one was higher (answer 500). */
  takeSeq(request: SipRequest): boolean {
    const { number } = cseqOf(request);
    if (this.#remoteSeq !== undefined && number < this.#remoteSeq) return false;
    this.#remoteSeq = number;
    return true;
  }

  /** A request inside the dialog, with the next CSeq, or for ACK and CANCEL that of `seq`. */
  request(
    method: string,
    options: { seq?: number; headers?: SipHeaders; body?: SipBody | undefined } = {},
  ): SipRequest {
    if (options.seq === undefined) this.localSeq += 1;
    const { uri, routes } = this.#way();
    const headers = new SipHeaders()
      .set("max-forwards", "70")
      .set("route", routes)
      .set("from", formatNameAddr({ ...this.local, params: withParam(this.local.params, "tag", this.localTag) }))
      .set("to", formatNameAddr(this.#tagged()))
      .set("call-id", this.callId)
      .set("cseq", `${options.seq ?? this.localSeq} ${method}`);
    for (const [name, values] of options.headers?.entries() ?? []) headers.set(name, values);
    return makeRequest({ method, uri, headers, ...(options.body && { body: options.body }) });
  }

  /** The URI whose host gets the next request: the nearest route, or the far end itself. */
  get nextHop(): string {
    const [first] = this.routes;
    return first === undefined ? this.#remoteTarget : parseNameAddr(first, "Route").uri;
  }

  #tagged(): NameAddr {
    return this.remoteTag === ""
      ? this.remote
      : { ...this.remote, params: withParam(this.remote.params, "tag", this.remoteTag) };
  }

  /** RFC 3261 section 12.2.1.1: a strict router takes the place of the target. */
  #way(): { uri: string; routes: readonly string[] } {
    const [first, ...rest] = this.routes;
    if (first === undefined) return { uri: this.#remoteTarget, routes: [] };
    const { uri } = parseNameAddr(first, "Route");
    if (isLoose(uri)) return { uri: this.#remoteTarget, routes: this.routes };
    return { uri: uri.replace(/\?.*$/s, ""), routes: [...rest, `<${this.#remoteTarget}>`] };
  }
}

function isLoose(uri: string): boolean {
  try {
    return parseUri(uri, "Route").params.has("lr");
  } catch (error) {
    if (error instanceof SipError) return true;
    throw error;
  }
}
