import { checkMessage } from "./check-message.ts";
import { isToken, parseWhole } from "./grammar.ts";
import { canonicalName, isListHeader } from "./header-names.ts";
import { excerpt, SipError } from "./sip-error.ts";
import { SipHeaders } from "./sip-headers.ts";
import type { SipMessage, SipRequest } from "./sip-message.ts";

/** What one message may cost. */
export type MessageLimits = {
  /** Start line and headers. Default 32 KiB. */
  readonly headBytes: number;
  /** Default 256 KiB. */
  readonly bodyBytes: number;
  /** Header values, list elements counted one by one. Default 256. */
  readonly headerCount: number;
};

export const DEFAULT_LIMITS: MessageLimits = { headBytes: 32 * 1024, bodyBytes: 256 * 1024, headerCount: 256 };

/** `request`: as much of a faulty request as was understood, so that it can be answered. */
export type ParseResult =
  | { readonly ok: true; readonly message: SipMessage }
  | { readonly ok: false; readonly error: SipError; readonly request?: SipRequest };

/**
 * Reads one whole message: a datagram, or what a stream framer cut out. Never throws.
 * Bytes after Content-Length are dropped (RFC 3261 section 18.3).
 */
export function parseMessage(bytes: Uint8Array, limits: MessageLimits = DEFAULT_LIMITS): ParseResult {
  const draft: Draft = { headers: new SipHeaders() };
  try {
    const message = readMessage(bytes, limits, draft);
    checkMessage(message);
    return { ok: true, message };
  } catch (error) {
    if (!(error instanceof SipError)) throw error;
    const { method, uri = "", headers } = draft;
    if (method === undefined) return { ok: false, error };
    return { ok: false, error, request: { kind: "request", method, uri, headers, body: new Uint8Array(0) } };
  }
}

/** What is known of the message so far. */
type Draft = { method?: string; uri?: string; readonly headers: SipHeaders };

function readMessage(bytes: Uint8Array, limits: MessageLimits, draft: Draft): SipMessage {
  const headEnd = findHeadEnd(bytes);
  if (headEnd > limits.headBytes) throw tooLarge("head", headEnd, limits.headBytes);
  const lines = unfold(new TextDecoder().decode(bytes.subarray(0, headEnd)));
  const startLine = lines.shift() ?? "";
  if (startLine === "") throw new SipError({ code: "empty_message", field: "start line", message: "No start line" });
  const start = readStartLine(startLine.trimEnd());
  if (start.kind === "request") Object.assign(draft, { method: start.method, uri: start.uri });
  readHeaders(lines, limits.headerCount, draft.headers);
  if (start.kind === "request" && start.version.toUpperCase() !== "SIP/2.0") throw badVersion(start.version);
  const body = readBody(bytes.subarray(headEnd), draft.headers, limits);
  if (start.kind === "request") {
    return { kind: "request", method: start.method, uri: start.uri, headers: draft.headers, body };
  }
  return { kind: "response", status: start.status, reason: start.reason, headers: draft.headers, body };
}

/** Index after the empty line, or the length. */
export function findHeadEnd(bytes: Uint8Array, from = 0): number {
  for (let at = bytes.indexOf(13, from); at >= 0; at = bytes.indexOf(13, at + 1)) {
    if (bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at + 4;
  }
  return bytes.length;
}

function unfold(head: string): string[] {
  const lines = head
    .replace(/^(?:\r\n)+/, "")
    .replace(/[ \t]*\r\n[ \t]+/g, " ")
    .split("\r\n");
  for (const line of lines) {
    if (/[\r\n]/.test(line)) {
      const message = `${excerpt(line)} holds a lone CR or LF; lines end in CRLF`;
      throw new SipError({ code: "bad_header", field: "line ending", message });
    }
  }
  return lines;
}

type StartLine =
  | { kind: "request"; method: string; uri: string; version: string }
  | { kind: "response"; status: number; reason: string };

function readStartLine(line: string): StartLine {
  const response = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/i.exec(line);
  if (response) return { kind: "response", status: Number(response[1]), reason: response[2] ?? "" };
  const [, method = "", uri = "", version = ""] = /^(\S+) +(.+?) +(SIP\/\S+)$/i.exec(line) ?? [];
  if (version === "" || !isToken(method)) {
    const message = `${excerpt(line)} is neither "METHOD URI SIP/2.0" nor "SIP/2.0 STATUS REASON"`;
    throw new SipError({ code: "bad_start_line", field: "start line", message });
  }
  return { kind: "request", method, uri, version };
}

function readHeaders(lines: readonly string[], maxCount: number, headers: SipHeaders): void {
  let count = 0;
  for (const line of lines) {
    if (line === "") continue;
    const colon = line.indexOf(":");
    const name = canonicalName(line.slice(0, Math.max(0, colon)).trim());
    if (!isToken(name)) {
      throw new SipError({ code: "bad_header", field: "header", message: `${excerpt(line)} is not "Name: value"` });
    }
    const value = line
      .slice(colon + 1)
      .trim()
      .replaceAll("\0", "\ufffd");
    const values = isListHeader(name) ? SipHeaders.splitList(value, name) : [value];
    count += values.length;
    if (count > maxCount) {
      const message = `More than ${maxCount} header values`;
      throw new SipError({ code: "too_many_headers", status: 513, field: "headers", message });
    }
    for (const each of values) headers.add(name, each);
  }
}

function readBody(rest: Uint8Array, headers: SipHeaders, limits: MessageLimits): Uint8Array {
  const declared = headers.all("content-length");
  if (new Set(declared).size > 1) {
    throw new SipError({ code: "repeated_header", field: "Content-Length", message: "Two unlike Content-Length" });
  }
  const [text] = declared;
  const length = text === undefined ? rest.length : parseWhole(text, Number.MAX_SAFE_INTEGER);
  if (length === undefined) {
    const message = `Content-Length ${excerpt(text ?? "")} is not a whole number`;
    throw new SipError({ code: "bad_body_length", field: "Content-Length", message });
  }
  if (length > limits.bodyBytes) throw tooLarge("body", length, limits.bodyBytes);
  if (length > rest.length) {
    const message = `Content-Length says ${length} bytes, but ${rest.length} came`;
    throw new SipError({ code: "bad_body_length", field: "Content-Length", message });
  }
  return Uint8Array.from(rest.subarray(0, length));
}

function tooLarge(part: string, size: number, limit: number): SipError {
  const message = `The ${part} of ${size} bytes is over the limit of ${limit}`;
  return new SipError({ code: "message_too_large", status: 513, field: part, message });
}

function badVersion(version: string): SipError {
  const message = `${excerpt(version)} is not SIP/2.0`;
  return new SipError({ code: "unsupported_version", status: 505, field: "version", message });
}
