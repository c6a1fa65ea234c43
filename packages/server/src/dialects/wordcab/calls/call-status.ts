/** Wordcab's words for how a call is going and how it ended. */
import { CALL_END_REASONS, type Call, type CallEndReason, isFailure } from "../../../calls/call.ts";
import type { CallFilter } from "../../../calls/store.ts";

export const WORDCAB_STATUSES = ["initiating", "ringing", "in_progress", "completed", "failed", "no_answer"] as const;
export type WordcabStatus = (typeof WORDCAB_STATUSES)[number];

export function toWordcabStatus({ status, endReason }: Pick<Call, "status" | "endReason">): WordcabStatus {
  switch (status) {
    case "created":
      return "initiating";
    case "ringing":
      return "ringing";
    case "active":
      return "in_progress";
    case "ended":
      return endReason === undefined ? "completed" : toOutcome(endReason);
  }
}

/** Which calls a status stands for. */
export function fromWordcabStatus(status: WordcabStatus): Pick<CallFilter, "status" | "endReasons"> {
  switch (status) {
    case "initiating":
      return { status: "created" };
    case "ringing":
      return { status: "ringing" };
    case "in_progress":
      return { status: "active" };
    case "completed":
    case "failed":
    case "no_answer":
      return { status: "ended", endReasons: CALL_END_REASONS.filter((reason) => toOutcome(reason) === status) };
  }
}

/** E.g. "caller_hangup". Wordcab's other words aren't known: ours, written as theirs. */
export function toEndedReason(reason: string): string {
  switch (reason) {
    case "caller-hung-up":
      return "caller_hangup";
    case "agent-hung-up":
      return "agent_hangup";
    default:
      return reason.replaceAll("-", "_");
  }
}

function toOutcome(reason: CallEndReason): "completed" | "failed" | "no_answer" {
  if (reason === "no-answer") return "no_answer";
  return isFailure(reason) ? "failed" : "completed";
}
