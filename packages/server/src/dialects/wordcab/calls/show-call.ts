import { isDeepStrictEqual } from "node:util";
import { type Call, isFailure } from "../../../calls/call.ts";
import { withPrefix } from "../../../new-id.ts";
import { toOurMetadata } from "../metadata.ts";
import { toUnixSecondsOrNull } from "../unix-seconds.ts";
import { toVendorId } from "../vendor-ids.ts";
import { toEndedReason, toWordcabStatus } from "./call-status.ts";

/** Fields of orders that aren't part of a call; what a client sent beyond Wordcab's own fields is given back. */
const ORDERS: ReadonlySet<string> = new Set(["max_duration", "record"]);

/** @param recordingUrl absent when there is no recording */
export function showCall(call: Call, recordingUrl: string | undefined) {
  const { context, metadata, ...others } = call.sent["wordcab"] ?? {};
  const shown = {
    id: call.id,
    object: "call",
    agent_id: call.agentId === undefined ? null : toVendorId("agent", call.agentId),
    direction: call.direction,
    phone_number: call.toNumber ?? null,
    caller_id: call.fromNumber ?? null,
    status: toWordcabStatus(call),
    started_at: toUnixSecondsOrNull(call.startedAt),
    ended_at: toUnixSecondsOrNull(call.endedAt),
    duration: call.durationMs === undefined ? null : Math.round(call.durationMs / 1000),
    transcript_id: toTranscriptId(call) ?? null,
    recording_url: recordingUrl ?? null,
    context: context ?? call.variables,
    metadata: keptMetadata(metadata, call.metadata),
    error: toError(call),
  };
  const unknown = Object.entries(others).filter(([name]) => !(name in shown || ORDERS.has(name)));
  return { ...shown, ...Object.fromEntries(unknown) };
}

/** Under which a call's words can be read, once it is over. */
export function toTranscriptId({ id, status, startedAt }: Pick<Call, "id" | "status" | "startedAt">) {
  return status === "ended" && startedAt !== undefined ? withPrefix("tr", id) : undefined;
}

function toError({ status, endReason, error }: Call) {
  if (status !== "ended" || endReason === undefined || !isFailure(endReason)) return null;
  return { code: toEndedReason(endReason), message: error ?? `the call ended: ${endReason}` };
}

/** As it was sent, while it still says what our own labels say. */
function keptMetadata(sent: unknown, ours: Call["metadata"]): unknown {
  if (typeof sent !== "object" || sent === null) return ours;
  return isDeepStrictEqual(toOurMetadata(sent as Record<string, unknown>), ours) ? sent : ours;
}
