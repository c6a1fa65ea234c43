import { parseWhole } from "./grammar.ts";
import { type NameAddr, parseNameAddr } from "./name-addr.ts";
import { reasonPhrase } from "./reason-phrases.ts";
import { SipError } from "./sip-error.ts";
import { SipHeaders } from "./sip-headers.ts";
import { parseVia, type Via } from "./via.ts";

/** A body as SIP carries it: opaque, under its Content-Type. */
export type SipBody = {
  readonly contentType: string;
  readonly content: Uint8Array;
};

export type SipRequest = {
  readonly kind: "request";
  readonly method: string;
  /** Request-URI as written. */
  readonly uri: string;
  readonly headers: SipHeaders;
  readonly body: Uint8Array;
};

export type SipResponse = {
  readonly kind: "response";
  readonly status: number;
  readonly reason: string;
  readonly headers: SipHeaders;
  readonly body: Uint8Array;
};

export type SipMessage = SipRequest | SipResponse;

export type CSeq = { readonly number: number; readonly method: string };

const NO_BODY = new Uint8Array(0);

/** A body of text, UTF-8. */
export function textBody(contentType: string, text: string): SipBody {
  return { contentType, content: new TextEncoder().encode(text) };
}

/** The text of a body, UTF-8. */
export function bodyText({ content }: Pick<SipBody, "content">): string {
  return new TextDecoder().decode(content);
}

/** The message's body, or undefined when it has none. */
export function bodyOf(message: SipMessage): SipBody | undefined {
  if (message.body.length === 0) return undefined;
  return { contentType: message.headers.get("content-type") ?? "application/sdp", content: message.body };
}

export function makeRequest(options: { method: string; uri: string; headers: SipHeaders; body?: SipBody }): SipRequest {
  const { method, uri, headers, body } = options;
  if (body) headers.set("content-type", body.contentType);
  return { kind: "request", method, uri, headers, body: body?.content ?? NO_BODY };
}

export type ResponseOptions = {
  readonly status: number;
  /** Default: the usual words. */
  readonly reason?: string | undefined;
  /** Added to To when the request had no tag; not to a 100. */
  readonly toTag?: string | undefined;
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
  readonly body?: SipBody | undefined;
};

/** A response per RFC 3261 section 8.2.6; those that make a dialog carry the request's Record-Route. */
export function makeResponse(request: SipRequest, options: ResponseOptions): SipResponse {
  const { status, toTag, body } = options;
  const headers = new SipHeaders().set("via", request.headers.all("via"));
  for (const name of ["from", "to", "call-id", "cseq"]) {
    const value = request.headers.get(name);
    if (value !== undefined) headers.set(name, value);
  }
  const to = headers.get("to");
  if (toTag !== undefined && status > 100 && to !== undefined && !hasToTag(request)) {
    headers.set("to", `${to};tag=${toTag}`);
  }
  if (status > 100 && status < 300) headers.set("record-route", request.headers.all("record-route"));
  if (status === 100) headers.set("timestamp", request.headers.all("timestamp"));
  headers.merge(options.headers);
  if (body) headers.set("content-type", body.contentType);
  const reason = (options.reason ?? reasonPhrase(status)).replace(/[^\t\x20-\x7e\u0080-\uffff]/g, " ");
  return { kind: "response", status, reason, headers, body: body?.content ?? NO_BODY };
}

/** @throws SipError when the header is missing or not a CSeq */
export function cseqOf(message: SipMessage): CSeq {
  const match = /^(\d+)\s+(\S+)$/.exec(message.headers.get("cseq") ?? "");
  const number = parseWhole(match?.[1]?.replace(/^0+(?=\d)/, "") ?? "", 2 ** 31 - 1);
  const method = match?.[2];
  if (number === undefined || method === undefined) {
    throw new SipError({ code: "bad_header", field: "CSeq", message: "CSeq is not a number below 2^31 and a method" });
  }
  return { number, method };
}

export function fromOf(message: SipMessage): NameAddr {
  return parseNameAddr(message.headers.get("from") ?? "", "From");
}

export function toOf(message: SipMessage): NameAddr {
  return parseNameAddr(message.headers.get("to") ?? "", "To");
}

export function fromTagOf(message: SipMessage): string | undefined {
  return fromOf(message).params.get("tag");
}

export function toTagOf(message: SipMessage): string | undefined {
  return toOf(message).params.get("tag");
}

/** Also of a To that can't be read, and whose sender is told so. */
function hasToTag(message: SipMessage): boolean {
  try {
    return toTagOf(message) !== undefined;
  } catch (error) {
    if (error instanceof SipError) return true;
    throw error;
  }
}

export function callIdOf(message: SipMessage): string {
  return message.headers.get("call-id") ?? "";
}

/** The hop that sent the message. */
export function topViaOf(message: SipMessage): Via {
  return parseVia(message.headers.get("via") ?? "");
}

/** The first Contact, or undefined. */
export function contactOf(message: SipMessage): NameAddr | undefined {
  const contact = message.headers.get("contact");
  return contact === undefined || contact === "*" ? undefined : parseNameAddr(contact, "Contact");
}

/** A copy whose headers can be changed without touching the original. */
export function cloneRequest(request: SipRequest): SipRequest {
  return { ...request, headers: request.headers.clone() };
}
