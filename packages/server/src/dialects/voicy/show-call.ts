import type { JournalEntry } from "@earshot/engine";
import type { AgentTool } from "../../agents/agent-tool.ts";
import type { Call } from "../../calls/call.ts";
import { toValues } from "../../calls/to-values.ts";
import { toEpochMs } from "../../wall-clock.ts";
import type { VendorObject } from "../kit/vendor-fields.ts";
import type { Account } from "./accounts.ts";
import { toMetadata } from "./call-metadata.ts";
import { toStatusWord } from "./call-status.ts";
import { showTranscript } from "./show-transcript.ts";
import { toVoicyId } from "./voicy-id.ts";

/** What a client may change of a call, or what was found out about it afterwards. */
export type KeptOfCall = {
  readonly metadata?: VendorObject;
  /** Fields that we don't know. */
  readonly unknown?: VendorObject;
  readonly extraction?: { readonly summary: string; readonly vars_extracted: VendorObject };
};

export type CallDetails = {
  /** Webhooks don't show it. */
  readonly account: Account | undefined;
  readonly entries: readonly JournalEntry[];
  /** Of the agent as it was during the call; needed only where one was called. */
  readonly tools: readonly AgentTool[];
  readonly recordingUrl: string | undefined;
};

/** A call as lists show it. */
export function showLightCall(call: Call, account: Account | undefined) {
  return {
    call_id: toVoicyId(call.id),
    call_type: call.direction === "web" ? "web_call" : "phone_call",
    call_status: toStatusWord(call),
    agent: {
      id: call.agentId === undefined ? null : toVoicyId(call.agentId),
      name: call.agentName,
      version: call.agentVersion ?? null,
    },
    ...(account === undefined ? {} : { account }),
    from_number: call.fromNumber ?? null,
    to_number: call.toNumber ?? null,
    direction: toDirection(call),
    start_timestamp: toEpochMs(call.createdAt),
    duration_ms: call.durationMs ?? null,
    call_cost: { combined_cost: 0, currency: "usd" },
  };
}

/** A call with all that is known of it. */
export function showCall(call: Call, { account, entries, tools, recordingUrl }: CallDetails) {
  const { call_cost, ...light } = showLightCall(call, account);
  const { metadata, unknown, extraction } = keptOf(call);
  const transcript = showTranscript(entries, tools);
  const learnt = { ...call.summary?.values, ...toValues(entries) };
  return {
    ...unknown,
    ...light,
    transcript: transcript.length === 0 ? null : transcript,
    detected_gender: null,
    recording_url: recordingUrl ?? null,
    summary: extraction?.summary ?? null,
    vars_provided: call.variables,
    vars_extracted: extraction?.vars_extracted ?? learnt,
    vars_collected: learnt,
    call_cost,
    metadata: metadata !== undefined && isStillTrue(metadata, call) ? metadata : call.metadata,
  };
}

export function keptOf(call: Call): KeptOfCall {
  return call.sent["voicy"] ?? {};
}

/** From whom the call went out: web calls come in. */
function toDirection({ direction }: Pick<Call, "direction">): "incoming" | "outgoing" {
  return direction === "outbound" ? "outgoing" : "incoming";
}

function isStillTrue(metadata: VendorObject, call: Call): boolean {
  const meant = toMetadata(metadata);
  const names = Object.keys(meant);
  return (
    names.length === Object.keys(call.metadata).length && names.every((name) => meant[name] === call.metadata[name])
  );
}
