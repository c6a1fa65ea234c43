import fc from "fast-check";
import { expect, it } from "vitest";
import { parseSdp } from "./parse-sdp.ts";
import { readRtpFormats } from "./rtp-format.ts";
import { SdpError } from "./sdp-error.ts";
import { serialiseSdp } from "./serialise-sdp.ts";
import { attributeValues, findAttribute, findDirection } from "./session-description.ts";

const OFFER = [
  "v=0",
  "o=alice 2890844526 2890844526 IN IP4 192.0.2.1",
  "s=call",
  "c=IN IP4 192.0.2.1",
  "t=0 0",
  "a=sendrecv",
  "m=audio 49170 RTP/AVP 96 9 0 8 101",
  "a=rtpmap:96 opus/48000/2",
  "a=fmtp:96 useinbandfec=1; stereo=0",
  "a=rtpmap:101 telephone-event/8000",
  "a=fmtp:101 0-16",
  "a=sendonly",
  "m=video 51372/2 RTP/AVP 31",
  "c=IN IP6 2001:db8::1",
  "a=rtpmap:31 H261/90000",
];

it("reads streams with their attributes, and what belongs to the session apart", () => {
  const session = parseSdp(`${OFFER.join("\r\n")}\r\n`);
  const [audio, video] = session.media;
  expect(session.origin).toMatchObject({ sessionId: "2890844526", address: "192.0.2.1" });
  expect(session.connection?.address).toBe("192.0.2.1");
  expect(findDirection(session)).toBe("sendrecv");
  expect(audio && findDirection(audio)).toBe("sendonly");
  expect(audio && attributeValues(audio, "rtpmap")).toHaveLength(2);
  expect(audio && findAttribute(audio, "fmtp")).toBe("96 useinbandfec=1; stereo=0");
  expect(video).toMatchObject({ port: 51372, connection: { family: "IP6", address: "2001:db8::1" } });
});

it("knows the static payload types that come without an rtpmap", () => {
  const [audio] = parseSdp(OFFER.join("\n")).media;
  expect(
    audio && readRtpFormats(audio).map((format) => [format.payloadType, format.encoding, format.clockRateHz]),
  ).toEqual([
    [96, "opus", 48_000],
    [9, "G722", 8000],
    [0, "PCMU", 8000],
    [8, "PCMA", 8000],
    [101, "telephone-event", 8000],
  ]);
});

it("writes back what it read", () => {
  const session = parseSdp(OFFER.join("\r\n"));
  expect(parseSdp(serialiseSdp(session))).toEqual(session);
});

it("reads the sloppy: bare line feeds, blank lines, no s= and t=, unknown types", () => {
  const session = parseSdp("v=0\n\no=- 1 1 IN IP4 10.0.0.1\nx=what\nm=audio 4000 RTP/AVP 0 \n");
  expect(session.media[0]).toMatchObject({ port: 4000, formats: ["0"] });
});

it.each([
  ["missing_version", "", undefined],
  ["missing_version", "o=- 1 1 IN IP4 1.2.3.4", 1],
  ["missing_origin", "v=0\r\ns=-", undefined],
  ["malformed_line", "v=0\r\nhello", 2],
  ["malformed_origin", "v=0\r\no=- 1 one IN IP4 1.2.3.4", 2],
  ["malformed_connection", "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\nc=IN IP5 x", 3],
  ["malformed_media", "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\nm=audio 70000 RTP/AVP 0", 3],
  ["malformed_media", "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\nm=audio 4000 RTP/AVP", 3],
  ["too_large", "v=0\r\n".padEnd(70_000, "a"), undefined],
  ["too_large", `v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\n${"m=audio 1 RTP/AVP 0\r\n".repeat(65)}`, 67],
])("says %s and where", (code, text, line) => {
  const error = catchError(() => parseSdp(text));
  expect(error).toBeInstanceOf(SdpError);
  expect(error).toMatchObject({ code, line });
});

it("refuses to write a value that would begin a line of its own", () => {
  const session = parseSdp(OFFER.join("\r\n"));
  const broken = { ...session, attributes: [{ name: "note", value: "x\r\nm=audio 9 RTP/AVP 0" }] };
  expect(() => serialiseSdp(broken)).toThrow(SdpError);
});

it("meets any text with a description or an SdpError", () => {
  const line = fc.oneof(
    fc.constantFrom(...OFFER),
    fc
      .tuple(fc.constantFrom(..."voscmatbkrz"), fc.string({ maxLength: 60 }))
      .map(([type, value]) => `${type}=${value}`),
    fc.string({ unit: "binary", maxLength: 40 }),
  );
  const text = fc
    .tuple(fc.boolean(), fc.array(line, { maxLength: 30 }))
    .map(([isHonest, lines]) => [...(isHonest ? OFFER.slice(0, 2) : []), ...lines].join("\r\n"));
  fc.assert(
    fc.property(text, (input) => {
      const error = catchError(() => {
        const session = parseSdp(input);
        session.media.map(readRtpFormats);
        expect(parseSdp(serialiseSdp(session)).media).toHaveLength(session.media.length);
      });
      expect(error === undefined || error instanceof SdpError).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

function catchError(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}
