/** RFC 3261 section 7.3.3 and the registry of header fields. */
const LONG_NAMES: ReadonlyMap<string, string> = new Map([
  ["a", "accept-contact"],
  ["b", "referred-by"],
  ["c", "content-type"],
  ["d", "request-disposition"],
  ["e", "content-encoding"],
  ["f", "from"],
  ["i", "call-id"],
  ["j", "reject-contact"],
  ["k", "supported"],
  ["l", "content-length"],
  ["m", "contact"],
  ["n", "identity-info"],
  ["o", "event"],
  ["r", "refer-to"],
  ["s", "subject"],
  ["t", "to"],
  ["u", "allow-events"],
  ["v", "via"],
  ["x", "session-expires"],
  ["y", "identity"],
]);

/** Written otherwise than by a capital at each start. */
const SHOWN_NAMES: ReadonlyMap<string, string> = new Map([
  ["call-id", "Call-ID"],
  ["cseq", "CSeq"],
  ["www-authenticate", "WWW-Authenticate"],
  ["min-se", "Min-SE"],
  ["rack", "RAck"],
  ["rseq", "RSeq"],
  ["mime-version", "MIME-Version"],
  ["sip-etag", "SIP-ETag"],
  ["user-to-user", "User-to-User"],
]);

/** Headers whose one line may hold several values between commas. */
const LIST_HEADERS: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "allow",
  "allow-events",
  "contact",
  "content-encoding",
  "diversion",
  "history-info",
  "in-reply-to",
  "p-asserted-identity",
  "path",
  "proxy-require",
  "record-route",
  "require",
  "route",
  "service-route",
  "supported",
  "unsupported",
  "via",
]);

/** Lower case, in its long form. */
export function canonicalName(name: string): string {
  const lower = name.toLowerCase();
  return LONG_NAMES.get(lower) ?? lower;
}

/** As it is written on the wire, e.g. `Call-ID`. */
export function shownName(name: string): string {
  return SHOWN_NAMES.get(name) ?? name.replace(/(^|-)([a-z])/g, (start) => start.toUpperCase());
}

export function isListHeader(name: string): boolean {
  return LIST_HEADERS.has(name);
}
