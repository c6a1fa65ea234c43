import { parseMessage } from "../message/parse-message.ts";
import type { SipMessage, SipRequest, SipResponse } from "../message/sip-message.ts";

/** Reads a message written as lines with LF; an empty line starts the body. Throws what is wrong with it. */
function message(text: string): SipMessage {
  const result = parseMessage(new TextEncoder().encode(text.replace(/\r?\n/g, "\r\n")));
  if (!result.ok) throw result.error;
  return result.message;
}

/** A request with the usual headers, and those given in their place or added. */
export function request(method = "INVITE", headers: Readonly<Record<string, string>> = {}, body = ""): SipRequest {
  const all = {
    Via: "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKone",
    From: "<sip:alice@example.com>;tag=from1",
    To: "<sip:bob@example.com>",
    "Call-ID": "call-1",
    CSeq: `1 ${method}`,
    Contact: "<sip:alice@192.0.2.1>",
    "Max-Forwards": "70",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const made = message(`${method} sip:bob@example.com SIP/2.0\n${lines.join("\n")}\n\n${body}`);
  if (made.kind !== "request") throw new Error("not a request");
  return made;
}

/** A response to `to`, with headers in place of its own or added. */
export function response(to: SipRequest, status: number, headers: Readonly<Record<string, string>> = {}): SipResponse {
  const own = ["Via", "From", "To", "Call-ID", "CSeq"].map((name) => [name, to.headers.get(name) ?? ""]);
  const all: Record<string, string> = { ...Object.fromEntries(own), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const made = message(`SIP/2.0 ${status} Whatever\n${lines.join("\n")}\n\n`);
  if (made.kind !== "response") throw new Error("not a response");
  return made;
}
