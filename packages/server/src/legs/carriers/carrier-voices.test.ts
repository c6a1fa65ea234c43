/** Webhooks as the carriers' documentation has them, and the documents that they are answered with. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CarrierProvider } from "../../carrier-accounts/carrier-credentials.ts";
import { dialPlivoXml } from "../../carriers/plivo/plivo-xml.ts";
import { dialTwiml } from "../../carriers/twilio/twiml.ts";
import { dialNcco } from "../../carriers/vonage/ncco.ts";
import type { VoicePurpose } from "./carrier-voice.ts";
import { carrierVoices } from "./carrier-voices.ts";

const read = (provider: CarrierProvider, purpose: VoicePurpose, body: object, query = "") =>
  carrierVoices[provider].read({ purpose, query: new URLSearchParams(query), body: { ...body } });

const telnyx = (type: string, payload: object) => ({
  data: { record_type: "event", event_type: type, id: "0ccc7b54", payload: { call_control_id: "v3:1", ...payload } },
});

describe("an incoming call", () => {
  it.each<[CarrierProvider, object]>([
    [
      "twilio",
      {
        ...{ CallSid: "v3:1", AccountSid: "AC1", From: "+14158675310", To: "+12125550100", CallStatus: "ringing" },
        ...{ Direction: "inbound", CallerName: "BO", "SipHeader_X-Customer-Id": "42" },
      },
    ],
    [
      "telnyx",
      telnyx("call.initiated", {
        ...{ direction: "incoming", from: "+14158675310", to: "+12125550100", state: "parked", caller_id_name: "BO" },
        custom_headers: [{ name: "X-Customer-Id", value: "42" }],
      }),
    ],
    [
      "plivo",
      {
        ...{ CallUUID: "v3:1", From: "14158675310", To: "12125550100", CallStatus: "ringing", Direction: "inbound" },
        ...{ CallerName: "BO", "X-PH-Customer-Id": "42" },
      },
    ],
    ["vonage", { uuid: "v3:1", from: "14158675310", to: "12125550100", "SipHeader_X-Customer-Id": "42" }],
  ])("is read from what %s tells", (provider, body) => {
    expect(read(provider, "voice", body)).toEqual({
      ...{ kind: "incoming", carrierCallId: "v3:1", from: "+14158675310", to: "+12125550100" },
      ...{ callerName: provider === "vonage" ? "" : "BO", headers: { "X-Customer-Id": "42" } },
    });
  });

  it("is answered with a stream both ways, whose URL is escaped", () => {
    const url = "wss://x.example/carriers/streams/a?b=1&c=<2>";
    const answers = Object.values(carrierVoices).map(({ connect }) => connect?.(url).body);
    const escaped = "wss://x.example/carriers/streams/a?b=1&amp;c=&lt;2&gt;";
    const start = '<?xml version="1.0" encoding="UTF-8"?><Response>';
    expect(answers).toEqual([
      `${start}<Connect><Stream url="${escaped}"/></Connect></Response>`,
      undefined,
      `${start}<Stream bidirectional="true" keepCallAlive="true" contentType="audio/x-mulaw;rate=8000">${escaped}</Stream></Response>`,
      JSON.stringify([
        {
          action: "connect",
          endpoint: [{ type: "websocket", uri: url, "content-type": "audio/l16;rate=16000", headers: {} }],
        },
      ]),
    ]);
  });
});

it.each<[CarrierProvider, object, string, string]>([
  ["twilio", { CallSid: "CA1", CallStatus: "busy", SipResponseCode: "486" }, "busy", "busy (486)"],
  ["twilio", { CallSid: "CA1", CallStatus: "failed", SipResponseCode: "404" }, "unreachable", "failed (404)"],
  ["twilio", { CallSid: "CA1", CallStatus: "failed", SipResponseCode: "603" }, "rejected", "failed (603)"],
  ["twilio", { CallSid: "CA1", CallStatus: "no-answer" }, "no-answer", "no-answer"],
  ["twilio", { CallSid: "CA1", CallStatus: "completed", SipResponseCode: "200" }, "canceled", "completed (200)"],
  ["telnyx", telnyx("call.hangup", { hangup_cause: "user_busy", sip_hangup_cause: "486" }), "busy", "user_busy (486)"],
  ["telnyx", telnyx("call.hangup", { hangup_cause: "not_found" }), "unreachable", "not_found"],
  ["telnyx", telnyx("call.hangup", { hangup_cause: "unspecified" }), "provider-failure", "unspecified"],
  ["plivo", { CallUUID: "1", CallStatus: "failed", HangupCauseName: "Rejected" }, "rejected", "failed (Rejected)"],
  ["plivo", { RequestUUID: "1", CallStatus: "timeout" }, "no-answer", "timeout"],
  ["vonage", { uuid: "1", status: "unanswered" }, "no-answer", "unanswered"],
  ["vonage", { uuid: "1", status: "failed", detail: "cannot_route" }, "unreachable", "failed (cannot_route)"],
])("tells why nobody answered a call through %s: %j", (provider, body, reason, error) => {
  expect(read(provider, "status", body)).toMatchObject({ kind: "over", reason, error });
});

it.each<[CarrierProvider, object]>([
  ["twilio", { CallSid: "CA1", CallStatus: "in-progress" }],
  ["telnyx", telnyx("call.answered", {})],
  ["telnyx", telnyx("call.initiated", { direction: "outgoing" })],
  ["plivo", { CallUUID: "1", CallStatus: "ringing" }],
  ["vonage", { uuid: "1", status: "ringing" }],
  ["vonage", {}],
])("does nothing about what %s tells besides: %j", (provider, body) => {
  expect(read(provider, "status", body)).toEqual({ kind: "other" });
});

it("learns that a stream of Telnyx can't be reached", () => {
  const body = telnyx("streaming.failed", { failure_reason: "connection_failed" });
  const error = "Telnyx can't stream: connection_failed";
  expect(read("telnyx", "voice", body)).toEqual({ kind: "failed", carrierCallId: "v3:1", error });
});

it("hands calls on to numbers and to SIP addresses", () => {
  expect(dialTwiml("+442079460958", "+12125550100")).toContain("<Number>+442079460958</Number>");
  expect(dialTwiml("sip:a@b;x=<1>", "+12125550100")).toContain("<Sip>sip:a@b;x=&lt;1&gt;</Sip>");
  expect(dialPlivoXml("sip:a@b", "+12125550100")).toContain("<User>sip:a@b</User>");
  expect(dialNcco("+442079460958", "+12125550100")).toEqual([
    { action: "connect", from: "12125550100", endpoint: [{ type: "phone", number: "442079460958" }] },
  ]);
  const query = "dial=%2B442079460958&from=%2B12125550100";
  expect(read("plivo", "voice", { CallUUID: "1" }, query)).toEqual({
    ...{ kind: "transferred", destination: "+442079460958", from: "+12125550100" },
  });
});

it("bears any webhook", () => {
  const keys = ["CallSid", "CallStatus", "Direction", "CallUUID", "uuid", "status", "data", "from", "to"];
  const body = fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), fc.jsonValue());
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(carrierVoices)), fc.boolean(), body, (voice, isStatus, anything) => {
      const purpose = isStatus ? "status" : "voice";
      expect(voice.read({ purpose, query: new URLSearchParams(), body: anything }).kind).toBeTypeOf("string");
    }),
  );
});
