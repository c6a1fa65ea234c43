/** Messages as the carriers' documentation has them, and what nobody would send. */

import { FakeClock } from "@earshot/engine/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { G711, type StreamEvent, type StreamMessage } from "./stream-codec.ts";
import { streamCodecs } from "./stream-codecs.ts";
import { StreamLeg } from "./stream-leg.ts";
import { STREAM_CARRIERS, type StreamCarrier } from "./stream-messages.ts";

const linear = { encoding: "linear", sampleRateHz: 16_000 } as const;
const started = { kind: "started", heard: G711, played: G711 };
const bytes = (...values: number[]) => new Uint8Array(values);
/** "no audio" in base64. */
const PAYLOAD = "bm8gYXVkaW8=";
const audio = { kind: "audio", payload: Buffer.from("no audio") };

/** Vendors' own examples; some shortened in their ids. */
const DOCUMENTED: Readonly<Record<StreamCarrier, readonly (readonly [StreamMessage, object | undefined])[]>> = {
  twilio: [
    ['{"event":"connected","protocol":"Call","version":"1.0.0"}', undefined],
    [
      `{"event":"start","sequenceNumber":"1","start":{"accountSid":"AC1","streamSid":"MZ1","callSid":"CA1","tracks":["inbound"],
        "mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},"customParameters":{"FirstName":"Jane"}},"streamSid":"MZ1"}`,
      started,
    ],
    [
      `{"event":"media","sequenceNumber":"3","media":{"track":"inbound","chunk":"1","timestamp":"5","payload":"${PAYLOAD}"},"streamSid":"MZ1"}`,
      audio,
    ],
    [`{"event":"media","media":{"track":"outbound","chunk":"1","timestamp":"5","payload":"${PAYLOAD}"}}`, undefined],
    [
      '{"event":"dtmf","streamSid":"MZ1","sequenceNumber":"5","dtmf":{"track":"inbound_track","digit":"1"}}',
      { kind: "digit", digit: "1" },
    ],
    [
      '{"event":"mark","sequenceNumber":"4","streamSid":"MZ1","mark":{"name":"my label"}}',
      { kind: "mark", name: "my label" },
    ],
    [
      '{"event":"stop","sequenceNumber":"5","streamSid":"MZ1","stop":{"accountSid":"AC1","callSid":"CA1"}}',
      { kind: "stopped" },
    ],
  ],
  telnyx: [
    ['{"event":"connected","version":"1.0.0"}', undefined],
    [
      `{"event":"start","sequence_number":"1","start":{"user_id":"3E6F995F","call_control_id":"v2:T02","client_state":"aGF2ZSBhIG5pY2UgZGF5ID1d",
        "media_format":{"encoding":"PCMU","sample_rate":8000,"channels":1}},"stream_id":"32DE0DEA"}`,
      started,
    ],
    [
      '{"event":"start","start":{"media_format":{"encoding":"PCMA","sample_rate":8000,"channels":1}}}',
      { kind: "started", heard: { encoding: "a-law", sampleRateHz: 8000 }, played: G711 },
    ],
    ['{"event":"start","start":{"media_format":{"encoding":"G722"}}}', { kind: "failed" }],
    [
      `{"event":"media","sequence_number":"4","media":{"track":"inbound","chunk":"2","timestamp":"5","payload":"${PAYLOAD}"},"stream_id":"32DE0DEA"}`,
      { ...audio, chunk: 2 },
    ],
    [
      '{"event":"dtmf","stream_id":"32DE0DEA","occurred_at":"2021-11-02T13:48:14Z","sequence_number":"5","dtmf":{"digit":"1"}}',
      { kind: "digit", digit: "1" },
    ],
    ['{"event":"mark","sequence_number":"5","stream_id":"32DE0DEA","mark":{"name":"m"}}', { kind: "mark", name: "m" }],
    [
      '{"event":"error","payload":{"code":100003,"title":"malformed_frame","detail":"The received frame is malformed"},"stream_id":"32DE"}',
      { kind: "garbage", problem: "The received frame is malformed" },
    ],
    [
      '{"event":"stop","sequence_number":"5","stop":{"user_id":"3E6F","call_control_id":"v2:T02"}}',
      { kind: "stopped" },
    ],
  ],
  plivo: [
    [
      `{"event":"start","sequenceNumber":1,"start":{"callId":"12345678","streamId":"87654321","accountId":"MAX","tracks":["inbound"],
        "mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000}},"extra_headers":"userId=12345;sessionId=abc-xyz"}`,
      started,
    ],
    [
      '{"event":"start","start":{"streamId":"8","mediaFormat":{"encoding":"audio/x-l16","sampleRate":"16000"}}}',
      { kind: "started", heard: linear, played: linear },
    ],
    [
      `{"event":"media","sequenceNumber":2,"streamId":"8","media":{"track":"inbound","timestamp":"1","chunk":1,"payload":"${PAYLOAD}"}}`,
      audio,
    ],
    [
      '{"event":"dtmf","streamId":"8","sequenceNumber":3,"dtmf":{"track":"inbound","digit":"2","timestamp":"1"}}',
      { kind: "digit", digit: "2" },
    ],
    ['{"event":"playedStream","streamId":"20170ada","name":"greeting"}', { kind: "mark", name: "greeting" }],
    ['{"sequenceNumber":1,"event":"clearedAudio","streamId":"20170ada"}', undefined],
  ],
  vonage: [
    [
      '{"event":"websocket:connected","content-type":"audio/l16;rate=16000","prop1":"value1"}',
      { kind: "started", heard: linear, played: linear },
    ],
    ['{"event":"websocket:connected","content-type":"audio/opus"}', { kind: "failed" }],
    [bytes(1, 0, 2, 0), { kind: "audio", payload: bytes(1, 0, 2, 0) }],
    ['{"event":"websocket:dtmf","digit":"5","duration":260}', { kind: "digit", digit: "5" }],
    ['{"event":"websocket:dtmf","dtmf":{"digit":"6"}}', { kind: "digit", digit: "6" }],
    ['{"event":"websocket:notify","payload":{"mark":"3"}}', { kind: "mark", name: "3" }],
    ['{"event":"websocket:cleared"}', undefined],
  ],
  asterisk: [
    [
      `{"event":"MEDIA_START","connection_id":"e226e283","channel":"WebSocket/connectionid","channel_id":"pbx1-123456789.999",
        "format":"ulaw","optimal_frame_size":160,"ptime":20,"channel_variables":{"SOME":"value"}}`,
      started,
    ],
    ["MEDIA_START connection_id:e226e283 channel:WebSocket/connectionid format:ulaw optimal_frame_size:160", started],
    ["MEDIA_START format:opus", { kind: "failed" }],
    ["DTMF_END digit:7", { kind: "digit", digit: "7" }],
    ['{"event":"DTMF_END","channel_id":"1","digit":"8"}', { kind: "digit", digit: "8" }],
    ['{"event":"MEDIA_MARK_PROCESSED","correlation_id":"9"}', { kind: "mark", name: "9" }],
    ["MEDIA_XOFF", undefined],
    ["STATUS queue_length:43 xon_level:800 xoff_level:900 queue_full:false bulk_media:true", undefined],
    [bytes(1, 2), { kind: "audio", payload: bytes(1, 2) }],
  ],
  audiosocket: [
    [bytes(0x01, 0, 1, 7), undefined],
    [bytes(0x12, 0, 2, 5, 0), { kind: "started", heard: linear, played: linear, payload: bytes(5, 0) }],
    [bytes(0x12, 0, 2, 6, 0), { kind: "audio", payload: bytes(6, 0) }],
    [bytes(0x10, 0, 2, 6, 0), { kind: "started", heard: { encoding: "linear", sampleRateHz: 8000 } }],
    [bytes(0x15, 0, 2, 6, 0), { kind: "garbage" }],
    [bytes(0x03, 0, 1, 0x23), { kind: "digit", digit: "#" }],
    [bytes(0xff, 0, 1, 2), { kind: "garbage", problem: "Asterisk reports error 2" }],
    [bytes(0x00, 0, 0), { kind: "stopped" }],
  ],
};

describe.each(STREAM_CARRIERS)("the codec of %s", (carrier) => {
  const documented = DOCUMENTED[carrier];

  it("reads what is documented", () => {
    const codec = streamCodecs[carrier]();
    for (const [message, event] of documented) {
      const read = codec.decode(message);
      if (event === undefined) expect(read).toBeUndefined();
      else expect(read).toMatchObject(event);
    }
  });

  it("bears anything", () => {
    const junk = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.json({ maxDepth: 4 }),
      fc.uint8Array({ maxLength: 400 }).map((array) => new Uint8Array(array)),
      fc.tuple(fc.nat(documented.length - 1), fc.nat(), fc.string({ maxLength: 8 })).map(([index, at, more]) => {
        const [message = ""] = documented[index] ?? [];
        return typeof message === "string" ? spoil(message, at, more) : new Uint8Array(message.map((b) => b ^ at));
      }),
      fc
        .tuple(fc.constantFrom("start", "media", "dtmf", "mark", "stop"), fc.jsonValue())
        .map(([event, value]) => JSON.stringify({ event, [event]: value, streamSid: value })),
    );
    fc.assert(
      fc.property(fc.array(junk, { maxLength: 30 }), (messages) => {
        const clock = new FakeClock();
        const events: (StreamEvent | undefined)[] = [];
        const codec = streamCodecs[carrier]();
        for (const message of messages) events.push(codec.decode(message));
        for (const event of events) if (event) expect(KINDS).toContain(event.kind);
        const leg = new StreamLeg({ codec: streamCodecs[carrier](), clock, tell: () => {}, onReady: () => {} });
        const quiet = { onDigit() {}, onPlayed() {}, onLost() {}, onResumed() {}, onClosed() {} };
        leg.open({ ...quiet, onAudio: (frame) => expect(frame).toHaveLength(320) });
        for (const message of messages) leg.receive(message);
        leg.play(new Int16Array(320));
        leg.clear();
        leg.close("over");
      }),
      { numRuns: 200 },
    );
  });
});

const KINDS = ["started", "audio", "digit", "mark", "stopped", "failed", "garbage"];

function spoil(text: string, at: number, more: string): string {
  const cut = at % (text.length + 1);
  return at % 2 === 0 ? text.slice(0, cut) + more + text.slice(cut + more.length) : text.slice(0, cut);
}
