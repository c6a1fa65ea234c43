import { canonicalName } from "../message/header-names.ts";
import { SipError } from "../message/sip-error.ts";
import { SipHeaders } from "../message/sip-headers.ts";

/** Headers a user adds to a message, e.g. X-…, User-to-User, P-Asserted-Identity, Diversion. */
export type CustomHeaders = Readonly<Record<string, string | readonly string[]>>;

/** What the stack itself writes. */
const RESERVED: ReadonlySet<string> = new Set([
  "via",
  "from",
  "to",
  "call-id",
  "cseq",
  "contact",
  "content-length",
  "content-type",
  "max-forwards",
  "route",
  "record-route",
  "rseq",
  "rack",
  "authorization",
  "proxy-authorization",
]);

/** @throws SipError `reserved_header` or `header_injection` */
export function checkCustomHeaders(headers: CustomHeaders = {}): SipHeaders {
  for (const name of Object.keys(headers)) {
    if (!RESERVED.has(canonicalName(name))) continue;
    const message = `Header ${name} is written by the stack; leave it out`;
    throw new SipError({ code: "reserved_header", field: name, message });
  }
  return SipHeaders.from(headers);
}
