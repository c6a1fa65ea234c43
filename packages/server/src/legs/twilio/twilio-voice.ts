/** Twilio's voice webhooks and TwiML: https://www.twilio.com/docs/voice/twiml */

import type { CallEndReason } from "../../calls/call.ts";
import { connectTwiml, toTwiml } from "../../carriers/twilio/twiml.ts";
import { type CarrierVoice, toNumber, xmlDocument } from "../carriers/carrier-voice.ts";
import { type JsonRecord, textAt } from "../stream/read-json.ts";

const OVER: Readonly<Record<string, CallEndReason>> = {
  completed: "canceled",
  canceled: "canceled",
  busy: "busy",
  "no-answer": "no-answer",
  failed: "unreachable",
};
/** What the network said, where Twilio tells: more than its own word for it. */
const BY_SIP_STATUS: Readonly<Record<string, CallEndReason>> = {
  403: "rejected",
  603: "rejected",
  607: "rejected",
  608: "rejected",
  486: "busy",
  600: "busy",
  480: "no-answer",
  408: "no-answer",
  500: "provider-failure",
  503: "provider-failure",
};

export const twilioVoice: CarrierVoice = {
  read({ purpose, body }) {
    const carrierCallId = textAt(body, "CallSid");
    if (carrierCallId === undefined) return { kind: "other" };
    const status = textAt(body, "CallStatus") ?? "";
    if (purpose === "voice")
      return {
        kind: "incoming",
        carrierCallId,
        from: toNumber(textAt(body, "From") ?? ""),
        to: toNumber(textAt(body, "To") ?? ""),
        callerName: textAt(body, "CallerName") ?? "",
        headers: readHeaders(body),
      };
    const reason = OVER[status];
    if (reason === undefined) return { kind: "other" };
    const sipStatus = textAt(body, "SipResponseCode") ?? "";
    const isNever = status !== "completed" && status !== "canceled";
    return {
      kind: "over",
      carrierCallId,
      reason: (isNever ? BY_SIP_STATUS[sipStatus] : undefined) ?? reason,
      error: sipStatus === "" ? status : `${status} (${sipStatus})`,
    };
  },
  connect: (streamUrl) => xmlDocument(connectTwiml(streamUrl)),
  reject: (why) => xmlDocument(toTwiml(`<Reject reason="${why}"/>`)),
};

/** Of calls that came over SIP: `SipHeader_X-Customer-Id`. */
function readHeaders(body: JsonRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      name.startsWith("SipHeader_") && typeof value === "string" ? [[name.slice("SipHeader_".length), value]] : [],
    ),
  );
}
