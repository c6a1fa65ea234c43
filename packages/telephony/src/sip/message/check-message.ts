import { parseWhole } from "./grammar.ts";
import { parseNameAddr } from "./name-addr.ts";
import { excerpt, SipError } from "./sip-error.ts";
import { cseqOf, type SipMessage, type SipRequest } from "./sip-message.ts";
import { parseUri } from "./uri.ts";
import { parseVia } from "./via.ts";

const NEEDED = ["Via", "From", "To", "Call-ID", "CSeq"] as const;
const SINGLE = ["From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Type", "Expires"] as const;

/**
 * Checks what every message needs before anyone acts on it (RFC 3261 sections 8.1.1 and 8.2).
 * @throws SipError
 */
export function checkMessage(message: SipMessage): void {
  const { headers } = message;
  for (const name of NEEDED) {
    if ((headers.get(name) ?? "") === "") {
      throw new SipError({ code: "missing_header", field: name, message: `${name} is missing` });
    }
  }
  for (const name of SINGLE) {
    if (headers.all(name).length > 1) {
      throw new SipError({ code: "repeated_header", field: name, message: `${name} stands more than once` });
    }
  }
  for (const via of headers.all("via")) {
    if (parseVia(via).version === undefined) continue;
    throw new SipError({ code: "bad_header", field: "Via", message: `Via ${excerpt(via)} is not of SIP/2.0` });
  }
  const cseq = cseqOf(message);
  for (const name of ["From", "To", "Contact"]) {
    for (const each of headers.all(name)) if (each !== "*") checkAddress(message, name, each);
  }
  for (const name of ["Route", "Record-Route", "Path"]) for (const each of headers.all(name)) parseNameAddr(each, name);
  if (message.kind === "request") checkRequest(message, cseq.method);
}

function checkRequest(request: SipRequest, cseqMethod: string): void {
  if (cseqMethod !== request.method) {
    const message = `CSeq names ${excerpt(cseqMethod)}, the request line ${excerpt(request.method)}`;
    throw new SipError({ code: "bad_header", field: "CSeq", message });
  }
  if (parseUri(request.uri, "Request-URI").headers !== undefined) {
    const message = "The Request-URI carries headers, which only a URI that is shown to people may";
    throw new SipError({ code: "bad_uri", field: "Request-URI", message });
  }
  const maxForwards = request.headers.get("max-forwards");
  if (maxForwards !== undefined && parseWhole(maxForwards.replace(/^0+(?=\d)/, ""), 255) === undefined) {
    const message = `Max-Forwards ${excerpt(maxForwards)} is not 0-255`;
    throw new SipError({ code: "bad_header", field: "Max-Forwards", message });
  }
}

/** In a request a URI with a question mark stands in brackets (RFC 3261 section 20); an answer is too dear to drop for it. */
function checkAddress({ kind }: SipMessage, field: string, text: string): void {
  const { uri } = parseNameAddr(text, field);
  if (kind === "response" || !uri.includes("?") || text.includes("<")) return;
  throw new SipError({ code: "bad_header", field, message: `${field} ${excerpt(text)} needs brackets around its URI` });
}
