/** Plivo's answer and hang-up URLs, and its XML: https://www.plivo.com/docs/voice/xml/overview */

import type { CallEndReason } from "../../calls/call.ts";
import { connectPlivoXml, dialPlivoXml, toPlivoXml } from "../../carriers/plivo/plivo-xml.ts";
import { type CarrierVoice, toNumber, xmlDocument } from "../carriers/carrier-voice.ts";
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
  renamesCalls: true,
  read({ purpose, query, body }) {
    const [destination, from] = [query.get("dial"), query.get("from")];
    if (purpose === "voice" && destination !== null && from !== null) return { kind: "transferred", destination, from };
    const carrierCallId = textAt(body, "CallUUID") ?? textAt(body, "RequestUUID");
    if (carrierCallId === undefined) return { kind: "other" };
    if (purpose === "status") {
      const status = textAt(body, "CallStatus") ?? "";
      const reason = OVER[status];
      if (reason === undefined) return { kind: "other" };
      const cause = textAt(body, "HangupCauseName") ?? "";
      const error = cause === "" ? status : `${status} (${cause})`;
      return { kind: "over", carrierCallId, reason: BY_CAUSE[cause] ?? reason, error };
    }
    if (textAt(body, "Direction") === "outbound") return { kind: "answered", carrierCallId };
    return {
      kind: "incoming",
      carrierCallId,
      from: toNumber(textAt(body, "From") ?? ""),
      to: toNumber(textAt(body, "To") ?? ""),
      callerName: textAt(body, "CallerName") ?? "",
      headers: readHeaders(body),
    };
  },
  connect: (streamUrl) => xmlDocument(connectPlivoXml(streamUrl)),
  reject: (why) => xmlDocument(toPlivoXml(`<Hangup reason="${why}"/>`)),
  dial: (destination, from) => xmlDocument(dialPlivoXml(destination, from)),
};

/** `X-PH-Customer-Id` was sent as it is; elsewhere it is X-Customer-Id. */
function readHeaders(body: JsonRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      /^X-PH-/i.test(name) && typeof value === "string" ? [[`X-${name.slice("X-PH-".length)}`, value]] : [],
    ),
  );
}
