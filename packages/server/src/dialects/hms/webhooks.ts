/** Webhooks that only tell: status-update and end-of-call-report. The two that ask are sent where the answer is needed. */
import type { ReadCall } from "../../calls/read-call.ts";
import { findRecordingUrl } from "../../http/recording-url.ts";
import type { Recordings } from "../../recordings/recordings.ts";
import type { EventType } from "../../webhooks/domain-event.ts";
import { DAY_OF_RETRIES, UndeliverableError, type WebhookDialect } from "../../webhooks/webhook-dialect.ts";
import { endReasonOf, toMessages, toSeconds } from "./call-view.ts";
import { endStatus, hmsHeaders, toMessage } from "./webhook-message.ts";

const TIMEOUT_MS = 10_000;

type Deps = { readonly publicUrl: string | undefined; readonly recordings: Recordings };

export const createHmsWebhooks = ({ publicUrl, recordings }: Deps): WebhookDialect => ({
  name: "hms",
  retries: DAY_OF_RETRIES,
  keepsOrder: true,
  eventName,
  timeoutMs: () => TIMEOUT_MS,

  async encode({ event, load }) {
    if (event.type === "webhook.test")
      return { message: { type: "test", timestamp: event.createdAt, text: event.data.message } };
    if (!("callId" in event.data)) throw new UndeliverableError(`HMS has no event for ${event.type}`);
    const call = await load.call(event.data.callId);
    if (call === undefined) throw new UndeliverableError("the call was deleted");
    const agent = call.agentId === undefined ? undefined : await load.agent(call.agentId);
    const about = { timestamp: event.createdAt, agent };
    if (event.type === "call.started")
      return { message: toMessage("status-update", call, { ...about, status: "in-progress" }) };
    const status = endStatus(call);
    if (event.type !== "transcript.completed")
      return { message: { ...toMessage("status-update", call, { ...about, status }), ...toEnd(call) } };
    const recordingUrl = publicUrl === undefined ? undefined : await findRecordingUrl(publicUrl, recordings, call);
    const report = { ...toReport(call), recording_url: recordingUrl ?? null };
    return { message: { ...toMessage("end-of-call-report", call, { ...about, status }), ...report } };
  },

  headers: ({ eventName: name, body, timestampS, secrets: [secret], deliveryId }) => ({
    ...hmsHeaders(name, { body, timestampS, secret }),
    "X-Webhook-Id": deliveryId,
  }),
});

function eventName(type: EventType): string | undefined {
  switch (type) {
    case "call.started":
    case "call.ended":
    case "call.failed":
      return "status-update";
    case "transcript.completed":
      return "end-of-call-report";
    case "webhook.test":
      return "test";
    default:
      return undefined;
  }
}

function toEnd({ endReason, error }: ReadCall): object {
  return {
    end_reason: endReason === undefined ? null : endReasonOf(endReason),
    ...(endStatus({ endReason, error }) === "ended" ? {} : { error: error ?? endReason ?? "unknown" }),
  };
}

function toReport(call: ReadCall): object {
  return {
    duration_seconds: toSeconds(call.durationMs) ?? 0,
    ...toEnd(call),
    started_at: call.startedAt ?? null,
    ended_at: call.endedAt ?? null,
    summary: "",
    messages: toMessages(call.transcript),
    analysis: {},
  };
}
