/** Telnyx Call Control webhooks: https://developers.telnyx.com/docs/voice/programmable-voice/receiving-webhooks */

import type { CallEndReason } from "../../calls/call.ts";
import { type CarrierVoice, toNumber, type VoiceNews } from "../carriers/carrier-voice.ts";
import { type JsonRecord, textAt, toRecord } from "../stream/read-json.ts";

const CAUSES: Readonly<Record<string, CallEndReason>> = {
  user_busy: "busy",
  timeout: "no-answer",
  no_answer: "no-answer",
  call_rejected: "rejected",
  originator_cancel: "canceled",
  normal_clearing: "no-answer",
  not_found: "unreachable",
  unallocated_number: "unreachable",
  invalid_number_format: "unreachable",
};

/** One webhook for everything; calls are answered and refused by orders. */
export const telnyxVoice: CarrierVoice = {
  read({ body }) {
    const payload = toRecord(toRecord(body["data"])?.["payload"]);
    const carrierCallId = textAt(payload, "call_control_id");
    if (carrierCallId === undefined) return { kind: "other" };
    switch (textAt(body, "data", "event_type")) {
      case "call.initiated":
        return textAt(payload, "direction") === "incoming" ? incoming(carrierCallId, payload) : { kind: "other" };
      case "call.hangup":
        return over(carrierCallId, payload);
      case "streaming.failed":
        return {
          kind: "failed",
          carrierCallId,
          error: `Telnyx can't stream: ${textAt(payload, "failure_reason") ?? "no reason given"}`,
        };
      default:
        return { kind: "other" };
    }
  },
};

function incoming(carrierCallId: string, payload: JsonRecord | undefined): VoiceNews {
  const headers = payload?.["custom_headers"];
  const pairs = (Array.isArray(headers) ? headers : []).flatMap((header) => {
    const [name, value] = [textAt(toRecord(header), "name"), textAt(toRecord(header), "value")];
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
  return {
    kind: "incoming",
    carrierCallId,
    from: toNumber(textAt(payload, "from") ?? ""),
    to: toNumber(textAt(payload, "to") ?? ""),
    callerName: textAt(payload, "caller_id_name") ?? "",
    headers: Object.fromEntries(pairs),
  };
}

function over(carrierCallId: string, payload: JsonRecord | undefined): VoiceNews {
  const cause = textAt(payload, "hangup_cause") ?? "unspecified";
  const sipStatus = textAt(payload, "sip_hangup_cause") ?? "unspecified";
  return {
    kind: "over",
    carrierCallId,
    reason: CAUSES[cause] ?? "provider-failure",
    error: sipStatus === "unspecified" ? cause : `${cause} (${sipStatus})`,
  };
}
