/** What every HMS webhook has: its headers, and how its body begins. */
import type { AgentSettings } from "../../agents/agent.ts";
import { type Call, isFailure } from "../../calls/call.ts";
import { signWithPrefix } from "../../webhooks/signature.ts";
import { showSettings } from "./agent-codec.ts";
import { customerOf, ownNumberOf, toCallId } from "./call-id.ts";
import { metadataOf, sentWithCall } from "./call-view.ts";
import { toVendorIdOrNull } from "./ids.ts";
import type { HmsEvent } from "./webhook-events.ts";

const CALL_TYPES = { inbound: "inbound_phone_call", outbound: "outbound_phone_call", web: "web_call" } as const;

export type MessageStatus = "ringing" | "in-progress" | "ended" | "ended-with-error";

/** @param signing `secret`: absent = unsigned; `timestampS`: unix seconds */
export function hmsHeaders(
  event: string,
  {
    body,
    timestampS,
    secret,
  }: { readonly body: string; readonly timestampS: number; readonly secret?: string | undefined },
): Record<string, string> {
  return {
    "Content-Type": "application/json",
    "User-Agent": "HMS-Sovereign/1.0",
    "X-Webhook-Event": event,
    "X-Webhook-Timestamp": String(timestampS),
    ...(secret === undefined ? {} : { "X-Webhook-Signature": signWithPrefix(secret, { body, timestampS }) }),
  };
}

/** @param about `timestamp`: ISO 8601; `agent`: what the call is held with; absent when nothing is known of it */
export function toMessage(
  type: HmsEvent,
  call: Call,
  about: {
    readonly timestamp: string;
    readonly status: MessageStatus;
    readonly agent: AgentSettings | undefined;
    readonly numberName?: string | undefined;
  },
): object {
  const { timestamp, status, agent, numberName } = about;
  return {
    type,
    timestamp,
    call: { id: toCallId(call), type: CALL_TYPES[call.direction], status },
    phone_number: {
      id: toVendorIdOrNull(call.phoneNumberId),
      number: ownNumberOf(call) ?? null,
      name: numberName ?? null,
    },
    customer: { number: customerOf(call) ?? null },
    assistant: toAssistant(call, agent),
  };
}

/** With what the call changed of it, and the customer's own metadata. */
function toAssistant(call: Call, agent: AgentSettings | undefined): object {
  return {
    id: toVendorIdOrNull(call.agentId),
    name: call.agentName,
    ...(agent === undefined ? {} : showSettings({ settings: agent, sent: {} })),
    ...sentWithCall(call).assistant,
    metadata: metadataOf(call),
  };
}

export function endStatus({ endReason, error }: Pick<Call, "endReason" | "error">): "ended" | "ended-with-error" {
  return error !== undefined || (endReason !== undefined && isFailure(endReason)) ? "ended-with-error" : "ended";
}
