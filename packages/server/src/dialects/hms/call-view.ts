/** A call as HMS shows it. */
import { type Call, type CallEndReason, type CallStatus, isFailure, type TranscriptLine } from "../../calls/call.ts";
import type { CallFilter } from "../../calls/store.ts";
import { DIALECT } from "./agent-codec.ts";
import { customerOf, ownNumberOf, toCallId } from "./call-id.ts";
import { toVendorIdOrNull } from "./ids.ts";

export const CALL_STATUSES = ["connecting", "in-progress", "ended", "failed", "rejected"] as const;
type VendorStatus = (typeof CALL_STATUSES)[number];

/** What HMS clients said of a call when they asked for it. */
export type SentWithCall = {
  /** The one-time assistant, or what differs from the saved one. */
  readonly assistant?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
};

export type ShownWithCall = {
  readonly transcript: readonly TranscriptLine[];
  readonly businessName: string | undefined;
  readonly recordingUrl: string | undefined;
};

export function showCall(call: Call, { transcript, businessName, recordingUrl }: ShownWithCall): object {
  const own = ownNumberOf(call) ?? null;
  const agentId = toVendorIdOrNull(call.agentId);
  const id = toCallId(call);
  return {
    id,
    caller_phone: customerOf(call) ?? null,
    assistant_phone: own,
    agent_phone: own,
    phone_number: own,
    status: statusOf(call),
    direction: call.direction,
    end_reason: call.endReason === undefined ? null : endReasonOf(call.endReason),
    error: call.error ?? null,
    started_at: call.startedAt ?? null,
    ended_at: call.endedAt ?? null,
    duration_seconds: toSeconds(call.durationMs) ?? null,
    summary: null,
    analysis_result: null,
    messages: toMessages(transcript),
    room_name: id,
    recording_url: recordingUrl ?? null,
    agent_id: agentId,
    assistant_id: agentId,
    number_id: toVendorIdOrNull(call.phoneNumberId),
    agent_name: call.agentName,
    assistant_name: call.agentName,
    business_name: businessName ?? null,
    metadata: metadataOf(call),
    created_at: call.createdAt,
    updated_at: call.updatedAt,
  };
}

export function sentWithCall(call: Call): SentWithCall {
  return (call.sent[DIALECT] ?? {}) as SentWithCall;
}

export function metadataOf(call: Call): Readonly<Record<string, unknown>> {
  return { ...call.metadata, ...sentWithCall(call).metadata };
}

export function toMessages(transcript: readonly TranscriptLine[]): { role: "user" | "assistant"; content: string }[] {
  return transcript.flatMap(({ role, text }) => {
    if (role === "tool") return [];
    return [{ role: role === "caller" ? ("user" as const) : ("assistant" as const), content: text }];
  });
}

export function toSeconds(durationMs: number | undefined): number | undefined {
  return durationMs === undefined ? undefined : Math.round(durationMs / 1000);
}

export function statusOf({ status, endReason }: { status: CallStatus; endReason?: CallEndReason | undefined }) {
  switch (status) {
    case "created":
    case "ringing":
      return "connecting";
    case "active":
      return "in-progress";
    case "ended":
      if (endReason === "rejected") return "rejected";
      return endReason !== undefined && isFailure(endReason) ? "failed" : "ended";
  }
}

/** Which of our calls have a status of HMS's. */
export function toFilter(status: VendorStatus, reasons: readonly CallEndReason[]): CallFilter {
  switch (status) {
    case "connecting":
      return { statuses: ["created", "ringing"] };
    case "in-progress":
      return { status: "active" };
    case "rejected":
      return { status: "ended", endReasons: ["rejected"] };
    case "failed":
      return { status: "ended", endReasons: reasons.filter((reason) => isFailure(reason) && reason !== "rejected") };
    case "ended":
      return { status: "ended", endReasons: reasons.filter((reason) => !isFailure(reason)) };
  }
}

export function endReasonOf(reason: CallEndReason): string {
  switch (reason) {
    case "caller-hung-up":
      return "user_hangup";
    case "agent-hung-up":
      return "assistant_hangup";
    case "max-duration":
      return "max_duration";
    case "connection-lost":
      return "connection_lost";
    case "provider-failure":
    case "server-shutdown":
    case "server-crash":
    case "internal":
      return "error";
    default:
      return reason.replaceAll("-", "_");
  }
}
