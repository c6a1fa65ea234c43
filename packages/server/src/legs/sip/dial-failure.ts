import type { CallEvent, CallOutcome } from "@earshot/telephony";
import type { CallEndReason } from "../../calls/call.ts";
import type { Failure } from "../../calls/give-up.ts";

const REASONS: Readonly<Record<CallOutcome, CallEndReason>> = {
  busy: "busy",
  no_answer: "no-answer",
  rejected: "rejected",
  unreachable: "unreachable",
  unknown_number: "unreachable",
  unauthorized: "provider-failure",
  no_common_media: "rejected",
  redirected: "unreachable",
  cancelled: "canceled",
  failed: "provider-failure",
};

/** Why nobody answered, for the call. */
export function toDialFailure({ outcome, status, reason }: Extract<CallEvent, { kind: "failed" }>): Failure {
  const answer = status === 0 ? reason : `${status} ${reason}`;
  const words = outcome === "unauthorized" ? `the trunk wants other credentials (${answer})` : answer;
  return { reason: REASONS[outcome], error: words.slice(0, 500) };
}
