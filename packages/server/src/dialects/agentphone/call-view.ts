/** Calls as AgentPhone's clients read them. */
import type { Context } from "hono";
import {
  CALL_END_REASONS,
  type Call,
  type CallEndReason,
  type CallStatus,
  isFailure,
  type TranscriptLine,
} from "../../calls/call.ts";
import type { ReadCall } from "../../calls/read-call.ts";
import type { CallFilter } from "../../calls/store.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { originOf } from "../../http/origin.ts";
import { withPrefix } from "../../new-id.ts";
import { toEpochMs, type WallClock } from "../../wall-clock.ts";

/** The documented three, and those that their tools know besides. */
export const SHOWN_STATUSES = [
  "in-progress",
  "completed",
  "failed",
  "registered",
  "ringing",
  "busy",
  "no-answer",
] as const;
export type ShownStatus = (typeof SHOWN_STATUSES)[number];

/** Who polls a phone call waits for it to leave "in-progress", which is what its creation answered. */
export function toShownStatus({
  status,
  direction,
  endReason,
}: Pick<Call, "status" | "direction" | "endReason">): ShownStatus {
  switch (status) {
    case "created":
      return direction === "web" ? "registered" : "in-progress";
    case "ringing":
    case "active":
      return "in-progress";
    case "ended":
      if (endReason === "busy" || endReason === "no-answer") return endReason;
      return endReason !== undefined && isFailure(endReason) ? "failed" : "completed";
  }
}

const LIVE: readonly CallStatus[] = ["created", "ringing", "active"];
const FAILED = CALL_END_REASONS.filter(isFailure);

/** The calls that are shown with a status; "failed" includes those that were busy or not answered. */
export function whereStatus(status: ShownStatus): CallFilter {
  switch (status) {
    case "in-progress":
      return { statuses: LIVE };
    case "registered":
      return { statuses: ["created"] };
    case "ringing":
      return { statuses: ["ringing"] };
    case "completed":
      return { statuses: ["ended"], endReasons: CALL_END_REASONS.filter((reason) => !isFailure(reason)) };
    case "failed":
      return { statuses: ["ended"], endReasons: FAILED };
    case "busy":
    case "no-answer":
      return { statuses: ["ended"], endReasons: [status] };
  }
}

/** @param snippet what was said last */
export function toCallSummary(call: Call, snippet: string | undefined) {
  const { id, agentId, phoneNumberId, fromNumber, toNumber, direction } = call;
  return {
    id,
    agentId: agentId ?? null,
    phoneNumberId: phoneNumberId ?? null,
    phoneNumber: ourNumber(call) ?? null,
    fromNumber: fromNumber ?? "",
    toNumber: toNumber ?? "",
    direction,
    status: toShownStatus(call),
    startedAt: call.startedAt ?? call.createdAt,
    endedAt: call.endedAt ?? null,
    durationSeconds: toDurationSeconds(call),
    lastTranscriptSnippet: snippet ?? null,
  };
}

export function toCallDetail(
  call: ReadCall,
  options: { readonly recordingUrl: string | undefined; readonly clock: WallClock },
) {
  const { recordingUrl, clock } = options;
  const { metadata } = call.sent["agentphone"] ?? {};
  return {
    ...toCallSummary(call, call.transcript.findLast(({ role }) => role !== "tool")?.text),
    recordingUrl: recordingUrl ?? null,
    recordingAvailable: recordingUrl !== undefined,
    disconnectionReason: toDisconnectionReason(call.endReason),
    ...(metadata === undefined ? {} : { metadata }),
    transcripts: toTranscripts(call, clock),
  };
}

/** One entry for each turn of the caller and what the agent answered; opening words answer nobody. */
export function toTranscripts(call: ReadCall, clock: WallClock) {
  const startedAtMs = toEpochMs(call.startedAt ?? call.createdAt);
  const turns: { transcript: string; response: string | null; atMs: number }[] = [];
  for (const { role, text, atMs } of call.transcript) {
    const last = turns.at(-1);
    if (role === "caller") turns.push({ transcript: text, response: null, atMs });
    if (role !== "agent") continue;
    if (last === undefined) turns.push({ transcript: "", response: text, atMs });
    else last.response = last.response === null ? text : `${last.response} ${text}`;
  }
  return turns.map(({ transcript, response, atMs }, index) => ({
    id: `${withPrefix("tr", call.id)}_${index}`,
    transcript,
    confidence: null,
    response,
    createdAt: clock.at(startedAtMs + Math.round(atMs)).toISOString(),
  }));
}

/** Roles as the live transcript and webhooks name them. What tools did is not said aloud. */
export function toShownRole(role: TranscriptLine["role"]): "user" | "agent" | undefined {
  switch (role) {
    case "caller":
      return "user";
    case "agent":
      return "agent";
    case "tool":
      return undefined;
  }
}

export function toDurationSeconds({ durationMs }: Pick<Call, "durationMs">): number | null {
  return durationMs === undefined ? null : Math.round(durationMs / 1000);
}

export function toDisconnectionReason(reason: CallEndReason | undefined): string | null {
  return reason === undefined ? null : (REASONS[reason] ?? reason.replaceAll("-", "_"));
}

/** The words of the voice service that AgentPhone rides on. */
const REASONS: Readonly<Partial<Record<CallEndReason, string>>> = {
  "caller-hung-up": "user_hangup",
  "agent-hung-up": "agent_hangup",
  "api-request": "agent_hangup",
  "silence-timeout": "inactivity",
  "max-duration": "max_duration_reached",
  transferred: "call_transfer",
  voicemail: "voicemail_reached",
  busy: "dial_busy",
  "no-answer": "dial_no_answer",
  unreachable: "dial_failed",
  "no-carrier": "dial_failed",
  rejected: "dial_failed",
  internal: "error_unknown",
};

/** Where the dialect is mounted, as the client reaches it. */
export function baseUrl(c: Context<AppEnv>): string {
  const { pathname } = new URL(c.req.url);
  return originOf(c) + pathname.slice(0, Math.max(0, pathname.indexOf("/v1/")));
}

function ourNumber({ direction, fromNumber, toNumber }: Call): string | undefined {
  return direction === "outbound" ? fromNumber : toNumber;
}
