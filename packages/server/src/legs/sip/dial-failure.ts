import type { CallEvent, CallOutcome } from "@earshot/telephony";
import type { CallEndReason } from "../../calls/call.ts";
import type { DialCode } from "../../calls/dialling/dial.ts";
import type { Failure } from "../../calls/give-up.ts";
import { readNetworkCause } from "./network-cause.ts";

type Failed = Extract<CallEvent, { kind: "failed" }>;

const REASONS: Readonly<Record<CallOutcome, { readonly reason: CallEndReason; readonly code: DialCode }>> = {
  busy: { reason: "busy", code: "busy" },
  no_answer: { reason: "no-answer", code: "no_answer" },
  rejected: { reason: "rejected", code: "rejected" },
  unreachable: { reason: "unreachable", code: "unreachable" },
  unknown_number: { reason: "unreachable", code: "unknown_number" },
  unauthorized: { reason: "provider-failure", code: "trunk_unauthorized" },
  no_common_media: { reason: "rejected", code: "no_common_media" },
  redirected: { reason: "unreachable", code: "redirected" },
  cancelled: { reason: "canceled", code: "canceled" },
  failed: { reason: "provider-failure", code: "trunk_failed" },
};

/** Statuses that say little: what the network says counts more. */
const VAGUE: ReadonlySet<CallOutcome> = new Set(["no_answer", "unreachable", "failed"]);

/** With the network's own word for why, where the status says little. @param early what it said while it rang */
export function withNetworkCause(failed: Failed, early: CallOutcome | undefined): Failed {
  const outcome = VAGUE.has(failed.outcome) ? (readNetworkCause(failed.headers) ?? early) : undefined;
  return outcome === undefined ? failed : { ...failed, outcome };
}

/**
 * Why nobody answered, for the call.
 * @param notFollowed why the call was not redirected
 */
export function toDialFailure(
  failed: Failed,
  notFollowed?: string,
): Failure & { readonly dial: { readonly code: DialCode } } {
  const { outcome, status, reason } = failed;
  const answer = status === 0 ? reason : `${status} ${reason}`;
  const words =
    outcome === "unauthorized"
      ? `the trunk wants other credentials (${answer})`
      : [answer, ...(outcome === "redirected" && notFollowed !== undefined ? [notFollowed] : [])].join(": ");
  return {
    reason: REASONS[outcome].reason,
    error: words.slice(0, 500),
    dial: { code: codeOf(failed), ...(status === 0 ? {} : { sipStatus: status, sipReason: reason.slice(0, 200) }) },
  };
}

/** Whether another trunk might do better: it is this one that failed, and not whoever was called. */
export function isTrunkFault({ outcome, status }: Failed): boolean {
  if (outcome === "cancelled" || outcome === "no_answer") return status === 408;
  if (outcome === "busy" || outcome === "rejected" || outcome === "unknown_number") return false;
  return outcome === "unauthorized" || status === 0 || (status >= 500 && status < 600);
}

function codeOf({ outcome, status }: Failed): DialCode {
  if (outcome === "no_answer" && (status === 0 || status === 487)) return "ring_timeout";
  if (outcome === "rejected" && status === 403) return "forbidden";
  return REASONS[outcome].code;
}
