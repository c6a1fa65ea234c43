/** Plivo's answer and hang-up URLs, and its XML: https://www.plivo.com/docs/voice/xml/overview */

import type { CallEndReason } from "../../calls/call.ts";
import { connectPlivoXml, toPlivoXml } from "../../carriers/plivo/plivo-xml.ts";
import { type CarrierVoice, toNumber } from "../carriers/carrier-voice.ts";
import { type JsonRecord, textAt } from "../stream/read-json.ts";

const OVER: Readonly<Record<string, CallEndReason>> = {
  completed: "canceled",
  cancel: "canceled",
  busy: "busy",
  "no-answer": "no-answer",
  timeout: "no-answer",
  failed: "unreachable",
};
const BY_CAUSE: Readonly<Record<string, CallEndReason>> = { Rejected: "rejected", "Busy Line": "busy" };

export const plivoVoice: CarrierVoice = {
  read(purpose, body) {
    const carrierCallId = textAt(body, "CallUUID") ?? textAt(body, "RequestUUID");
    if (carrierCallId === undefined) return { kind: "other" };
    const placedAs = textAt(body, "RequestUUID") ?? textAt(body, "ALegRequestUUID");
    if (purpose === "status") {
      const status = textAt(body, "CallStatus") ?? "";
      const reason = OVER[status];
      if (reason === undefined) return { kind: "other" };
      const cause = textAt(body, "HangupCauseName") ?? "";
      return {
        kind: "over",
        carrierCallId,
        ...(placedAs === undefined ? {} : { placedAs }),
        reason: BY_CAUSE[cause] ?? reason,
        error: cause === "" ? status : `${status} (${cause})`,
      };
    }
    if (textAt(body, "Direction") === "outbound" && placedAs !== undefined)
      return { kind: "answered", carrierCallId, placedAs };
    return {
      kind: "incoming",
      carrierCallId,
      from: toNumber(textAt(body, "From") ?? ""),
      to: toNumber(textAt(body, "To") ?? ""),
      callerName: textAt(body, "CallerName") ?? "",
      headers: readHeaders(body),
    };
  },
  connect: (streamUrl) => toDocument(connectPlivoXml(streamUrl)),
  reject: (why) => toDocument(toPlivoXml(`<Hangup reason="${why}"/>`)),
};

function toDocument(body: string) {
  return { contentType: "text/xml; charset=utf-8", body };
}

/** `X-PH-Customer-Id` was sent as it is; elsewhere it is X-Customer-Id. */
function readHeaders(body: JsonRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      /^X-PH-/i.test(name) && typeof value === "string" ? [[`X-${name.slice("X-PH-".length)}`, value]] : [],
    ),
  );
}
