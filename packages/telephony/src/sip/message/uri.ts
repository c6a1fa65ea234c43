import type { Params } from "./params.ts";
import { excerpt, SipError } from "./sip-error.ts";

/** A `sip:`, `sips:` or `tel:` URI. For `tel:` the number is `user` and the host is empty. */
export type SipUri = {
  readonly scheme: "sip" | "sips" | "tel";
  /** As written: escapes are kept. */
  readonly user?: string;
  readonly password?: string;
  /** Name, IPv4 address or IPv6 address in brackets. */
  readonly host: string;
  readonly port?: number;
  readonly params: Params;
  /** What follows `?`, as written. */
  readonly headers?: string;
};

/**
 * @throws SipError `bad_uri` (400) or, for another scheme, `unsupported_uri_scheme` (416)
 */
export function parseUri(text: string, field = "URI"): SipUri {
  const colon = text.indexOf(":");
  const scheme = text.slice(0, Math.max(0, colon)).toLowerCase();
  if (!/^[a-z][a-z0-9+.-]*$/.test(scheme)) throw badUri(field, `${excerpt(text)} has no scheme`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\s<>"\x00-\x1f\x7f]/.test(text)) throw badUri(field, `${excerpt(text)} has a character that must be escaped`);
  const rest = text.slice(colon + 1);
  if (scheme === "tel") return parseTel(rest, field);
  if (scheme === "sip" || scheme === "sips") return parseSip(scheme, rest, field);
  throw new SipError({
    code: "unsupported_uri_scheme",
    status: 416,
    field,
    message: `${field} has the scheme ${excerpt(scheme)}; use sip, sips or tel`,
  });
}

/** The URI, or undefined for text that is none. */
export function findUri(text: string): SipUri | undefined {
  try {
    return parseUri(text);
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

/** The URI as text. */
export function formatUri(uri: SipUri): string {
  if (uri.scheme === "tel") return `tel:${uri.user ?? ""}${formatUriParams(uri.params)}`;
  const password = uri.password === undefined ? "" : `:${uri.password}`;
  const user = uri.user === undefined ? "" : `${uri.user}${password}@`;
  const port = uri.port === undefined ? "" : `:${uri.port}`;
  const headers = uri.headers === undefined ? "" : `?${uri.headers}`;
  return `${uri.scheme}:${user}${uri.host}${port}${formatUriParams(uri.params)}${headers}`;
}

/** The user part with its escapes undone, as far as they are valid. */
export function userOf(uri: SipUri): string {
  return unescapeUri(uri.user ?? "");
}

/** Undoes %-escapes; text with broken escapes is returned as it is. */
export function unescapeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The same address without brackets, for sockets. */
export function hostAddress(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}

/** An address as it stands in a URI or Via: IPv6 in brackets. */
export function uriHost(address: string): string {
  return address.includes(":") && !address.startsWith("[") ? `[${address}]` : address;
}

/** Host and optional port, e.g. `[::1]:5060`. */
export function parseHostPort(text: string, field: string): { host: string; port?: number } {
  const match = /^(\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9._-]+)(?:\s*:\s*(\d{1,5}))?$/.exec(text);
  const host = match?.[1];
  if (host === undefined) throw badUri(field, `${excerpt(text)} is not a host with an optional port`);
  if (match?.[2] === undefined) return { host };
  const port = Number(match[2]);
  if (port < 1 || port > 65_535) throw badUri(field, `port ${port} is not 1-65535`);
  return { host, port };
}

function parseSip(scheme: "sip" | "sips", text: string, field: string): SipUri {
  const at = text.lastIndexOf("@");
  const userInfo = at < 0 ? undefined : text.slice(0, at);
  let rest = text.slice(at + 1);
  const question = rest.indexOf("?");
  const headers = question < 0 ? undefined : rest.slice(question + 1);
  if (question >= 0) rest = rest.slice(0, question);
  const [hostPort = "", ...paramParts] = rest.split(";");
  if (userInfo === "") throw badUri(field, "the user before @ is empty");
  const colon = userInfo?.indexOf(":") ?? -1;
  return {
    scheme,
    ...(userInfo !== undefined && { user: colon < 0 ? userInfo : userInfo.slice(0, colon) }),
    ...(userInfo !== undefined && colon >= 0 && { password: userInfo.slice(colon + 1) }),
    ...parseHostPort(hostPort, field),
    params: parseUriParams(paramParts),
    ...(headers !== undefined && { headers }),
  };
}

function parseTel(text: string, field: string): SipUri {
  const [number = "", ...paramParts] = text.split(";");
  if (!/^[+0-9A-Za-z*#().-]+$/.test(number)) throw badUri(field, `${excerpt(number)} is not a telephone number`);
  return { scheme: "tel", user: number, host: "", params: parseUriParams(paramParts) };
}

function parseUriParams(parts: readonly string[]): Params {
  const params = new Map<string, string | undefined>();
  for (const part of parts) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = (equals < 0 ? part : part.slice(0, equals)).toLowerCase();
    if (!params.has(name)) params.set(name, equals < 0 ? undefined : part.slice(equals + 1));
  }
  return params;
}

function formatUriParams(params: Params): string {
  return [...params].map(([name, value]) => (value === undefined ? `;${name}` : `;${name}=${value}`)).join("");
}

function badUri(field: string, what: string): SipError {
  return new SipError({ code: "bad_uri", field, message: `${field}: ${what}` });
}
