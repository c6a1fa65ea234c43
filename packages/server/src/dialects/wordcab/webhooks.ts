/** Wordcab's webhooks: { id, type, created, data } signed by a bare HMAC in hex over "<timestamp>.<body>". */
import { withPrefix } from "../../new-id.ts";
import type { DomainEvent, EventType } from "../../webhooks/domain-event.ts";
import { signHex } from "../../webhooks/signature.ts";
import { DAY_OF_RETRIES, UndeliverableError, type WebhookDialect } from "../../webhooks/webhook-dialect.ts";
import { toEndedReason } from "./calls/call-status.ts";
import { toUnixSeconds } from "./unix-seconds.ts";
import { toVendorId } from "./vendor-ids.ts";

const TIMEOUT_MS = 10_000;

const NAMES: Partial<Readonly<Record<EventType, string>>> = {
  "call.started": "call.started",
  "call.ended": "call.completed",
  "call.failed": "call.failed",
  "transcript.completed": "transcript.completed",
};

/** Names that Wordcab documents; those of the last two tell nothing yet. */
export const WORDCAB_EVENTS = [
  "transcript.completed",
  "call.started",
  "call.completed",
  "call.failed",
  "experiment.finished",
  "testrun.completed",
] as const;

/** Which of our events an endpoint of these names hears. */
export function toOurEvents(names: readonly string[]): EventType[] {
  const ours = Object.entries(NAMES) as [EventType, string][];
  return ours.flatMap(([type, name]) => (names.includes("*") || names.includes(name) ? [type] : []));
}

export const wordcabWebhooks: WebhookDialect = {
  name: "wordcab",
  retries: DAY_OF_RETRIES,
  keepsOrder: false,
  eventName: (type) => NAMES[type],
  timeoutMs: () => TIMEOUT_MS,
  async encode({ event, eventName }) {
    return { id: event.id, type: eventName, created: toUnixSeconds(event.createdAt), data: toData(event) };
  },
  headers: ({ secrets: [secret], body, timestampS }) => ({
    "Wordcab-Timestamp": String(timestampS),
    ...(secret === undefined ? {} : { "Wordcab-Signature": signHex(secret, { body, timestampS }) }),
  }),
};

function toData(event: DomainEvent) {
  switch (event.type) {
    case "call.started":
      return { ...toParties(event.data), duration: null, transcript_id: null, ended_reason: null };
    case "call.ended":
    case "transcript.completed":
      return { ...toParties(event.data), ...toEnd(event.data), transcript_id: withPrefix("tr", event.data.callId) };
    case "call.failed":
      return {
        ...toParties(event.data),
        ...toEnd(event.data),
        transcript_id: null,
        error: event.data.error ?? null,
      };
    default:
      throw new UndeliverableError(`Wordcab's webhooks don't tell ${event.type}`);
  }
}

function toParties({ callId, agentId }: { readonly callId: string; readonly agentId?: string | undefined }) {
  return { call_id: callId, agent_id: agentId === undefined ? null : toVendorId("agent", agentId) };
}

function toEnd({ durationMs, endReason }: { readonly durationMs: number; readonly endReason?: string | undefined }) {
  return {
    duration: Math.round(durationMs / 1000),
    ended_reason: endReason === undefined ? null : toEndedReason(endReason),
  };
}
