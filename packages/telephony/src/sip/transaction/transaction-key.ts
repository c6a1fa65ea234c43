import { callIdOf, cseqOf, fromTagOf, type SipMessage, type SipRequest, topViaOf } from "../message/sip-message.ts";
import { BRANCH_COOKIE } from "../message/via.ts";

/** Matches a response to its request, RFC 3261 section 17.1.3. */
export function clientKey(message: SipMessage): string {
  return `${topViaOf(message).params.get("branch") ?? ""} ${cseqOf(message).method}`;
}

/**
 * Matches a request to its transaction, RFC 3261 section 17.2.3; an ACK matches its INVITE.
 * `method`: that of the transaction sought, for a CANCEL.
 */
export function serverKey(request: SipRequest, method = request.method): string {
  const via = topViaOf(request);
  const branch = via.params.get("branch") ?? "";
  const sentBy = `${via.host.toLowerCase()}:${via.port ?? ""}`;
  const sought = method === "ACK" ? "INVITE" : method;
  if (branch.startsWith(BRANCH_COOKIE) && branch.length > BRANCH_COOKIE.length) return `${branch} ${sentBy} ${sought}`;
  return `2543 ${mergeKey(request)} ${request.uri} ${sentBy} ${sought}`;
}

/** The same for one request that came on several ways, RFC 3261 section 8.2.2.2. */
export function mergeKey(request: SipRequest): string {
  return `${callIdOf(request)} ${fromTagOf(request) ?? ""} ${cseqOf(request).number}`;
}
