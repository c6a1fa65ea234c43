/** Voicy's words for the state of a call, and ours. */
import type { Call, CallEndReason, CallStatus } from "../../calls/call.ts";

export const CALL_STATUS_WORDS = [
  "initiated",
  "ringing",
  "ongoing",
  "user_hangup",
  "agent_hangup",
  "inactivity",
  "error_inactivity",
  "busy",
  "no_answer",
  "error",
  "canceled",
] as const;
export type CallStatusWord = (typeof CALL_STATUS_WORDS)[number];

const OPEN: Readonly<Record<Exclude<CallStatus, "ended">, CallStatusWord>> = {
  created: "initiated",
  ringing: "ringing",
  active: "ongoing",
};

const ENDED: Readonly<Record<CallEndReason, CallStatusWord>> = {
  "caller-hung-up": "user_hangup",
  "agent-hung-up": "agent_hangup",
  "max-duration": "agent_hangup",
  "api-request": "agent_hangup",
  transferred: "agent_hangup",
  voicemail: "agent_hangup",
  "silence-timeout": "inactivity",
  busy: "busy",
  rejected: "busy",
  "no-answer": "no_answer",
  canceled: "canceled",
  "connection-lost": "error",
  "provider-failure": "error",
  "daily-limit": "error",
  "server-shutdown": "error",
  "server-crash": "error",
  internal: "error",
  unreachable: "error",
  "no-carrier": "error",
};

const REASONS = Object.keys(ENDED) as CallEndReason[];

export function toStatusWord({ status, endReason }: Pick<Call, "status" | "endReason">): CallStatusWord {
  return status === "ended" ? ENDED[endReason ?? "internal"] : OPEN[status];
}

/** The first generation's words, for filters: its statuses say less. */
const OLD_WORDS: Readonly<Record<string, readonly CallStatusWord[]>> = {
  in_progress: ["ongoing"],
  ended: CALL_STATUS_WORDS.filter((word) => !["initiated", "ringing", "ongoing"].includes(word)),
};
export const FILTER_WORDS = [...CALL_STATUS_WORDS, "in_progress", "ended"] as const;

export type CallStates = { readonly statuses: readonly CallStatus[]; readonly endReasons: readonly CallEndReason[] };

/** Which of our states any of the words stands for. */
export function toStates(words: readonly string[]): CallStates {
  const meant = new Set<string>(words.flatMap((word): readonly string[] => OLD_WORDS[word] ?? [word]));
  const open = Object.keys(OPEN) as (keyof typeof OPEN)[];
  return {
    statuses: open.filter((status) => meant.has(OPEN[status])),
    endReasons: REASONS.filter((reason) => meant.has(ENDED[reason])),
  };
}
