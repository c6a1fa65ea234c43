/** What the telephone network says of a call in a Reason header (RFC 3326), which gateways often put in a vague status. */

import type { CallOutcome, SipHeaders } from "@earshot/telephony";

/** Of Q.850, as far as they tell of who was called; others are about the network. */
const OUTCOMES: Readonly<Record<string, CallOutcome>> = {
  1: "unknown_number",
  17: "busy",
  18: "no_answer",
  19: "no_answer",
  20: "no_answer",
  21: "rejected",
  22: "unknown_number",
  27: "unreachable",
  28: "unknown_number",
};

/** Undefined where it says nothing of the one who was called. */
export function readNetworkCause(headers: Pick<SipHeaders, "all"> | undefined): CallOutcome | undefined {
  const cause = /Q\.850\s*;[^,]*?cause\s*=\s*(\d{1,3})/i.exec(headers?.all("reason").join(",") ?? "")?.[1];
  return cause === undefined ? undefined : OUTCOMES[cause];
}
