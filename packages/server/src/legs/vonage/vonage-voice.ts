/** Vonage Voice API webhooks and NCCO: https://developer.vonage.com/en/voice/voice-api/webhook-reference */

import type { CallEndReason } from "../../calls/call.ts";
import { connectNcco } from "../../carriers/vonage/ncco.ts";
import { type CarrierVoice, toNumber, type VoiceDocument } from "../carriers/carrier-voice.ts";
import { type JsonRecord, textAt } from "../stream/read-json.ts";

const OVER: Readonly<Record<string, CallEndReason>> = {
  completed: "canceled",
  cancelled: "canceled",
  busy: "busy",
  unanswered: "no-answer",
  timeout: "no-answer",
  rejected: "rejected",
  failed: "unreachable",
};

export const vonageVoice: CarrierVoice = {
  read({ purpose, body }) {
    const carrierCallId = textAt(body, "uuid");
    if (carrierCallId === undefined) return { kind: "other" };
    if (purpose === "voice")
      return {
        kind: "incoming",
        carrierCallId,
        from: toNumber(textAt(body, "from") ?? ""),
        to: toNumber(textAt(body, "to") ?? ""),
        callerName: "",
        headers: readHeaders(body),
      };
    const status = textAt(body, "status") ?? "";
    const reason = OVER[status];
    if (reason === undefined) return { kind: "other" };
    const detail = textAt(body, "detail");
    return { kind: "over", carrierCallId, reason, error: detail === undefined ? status : `${status} (${detail})` };
  },
  connect: (streamUrl) => toDocument(connectNcco(streamUrl)),
  // A call whose actions are none is hung up.
  reject: () => toDocument([]),
};

function toDocument(actions: readonly object[]): VoiceDocument {
  return { contentType: "application/json", body: JSON.stringify(actions) };
}

/** Of calls that came over SIP: `SipHeader_X-Customer-Id`. */
function readHeaders(body: JsonRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      name.startsWith("SipHeader_") && typeof value === "string" ? [[name.slice("SipHeader_".length), value]] : [],
    ),
  );
}
