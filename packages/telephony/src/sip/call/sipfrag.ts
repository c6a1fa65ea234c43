import { bodyText, type SipBody, textBody } from "../message/sip-message.ts";

/** The status line in the body of a NOTIFY about a transfer (RFC 3515 section 2.4.5). */
export function readSipfrag(body: SipBody): { status: number; reason: string } | undefined {
  const match = /^\s*SIP\/2\.0\s+([1-6]\d\d)(?:[ \t]+([^\r\n]{0,200}))?/i.exec(bodyText(body));
  return match ? { status: Number(match[1]), reason: match[2] ?? "" } : undefined;
}

export function makeSipfrag(status: number, reason: string): SipBody {
  return textBody("message/sipfrag;version=2.0", `SIP/2.0 ${status} ${reason.replace(/[\r\n]/g, " ")}\r\n`);
}
