import { describe, expect, it } from "vitest";
import { seededRandom } from "../testing/seeded-random.ts";
import { NegotiationError } from "./negotiation-error.ts";
import { SdpError } from "./sdp-error.ts";
import { answerWebRtcOffer, readWebRtcOffer } from "./web-rtc-offer.ts";

const PRINT = Array.from({ length: 32 }, (_, at) => at.toString(16).padStart(2, "0")).join(":");
/** As Chromium offers, shortened; the video is what a page may offer besides. */
const OFFER = [
  "v=0",
  "o=- 4611731400430051336 2 IN IP4 127.0.0.1",
  "s=-",
  "t=0 0",
  "a=group:BUNDLE 0 1",
  "a=extmap-allow-mixed",
  "m=audio 9 UDP/TLS/RTP/SAVPF 63 111 9 126",
  "c=IN IP4 0.0.0.0",
  "a=rtcp:9 IN IP4 0.0.0.0",
  "a=ice-ufrag:Yw7Z",
  "a=ice-pwd:mU0hQbUqzOBCK4zHXHXZg1Rt",
  "a=ice-options:trickle",
  `a=fingerprint:sha-256 ${PRINT}`,
  "a=setup:actpass",
  "a=mid:0",
  "a=sendrecv",
  "a=rtcp-mux",
  "a=rtpmap:63 red/48000/2",
  "a=rtpmap:111 opus/48000/2",
  "a=fmtp:111 minptime=10;useinbandfec=1",
  "a=rtpmap:126 telephone-event/8000",
  "m=video 9 UDP/TLS/RTP/SAVPF 96",
  "a=mid:1",
  "a=rtpmap:96 VP8/90000",
];
const ANSWERING = {
  ice: { usernameFragment: "abcd", password: "abcdefghijklmnopqrstuv" },
  fingerprint: { hash: "sha256", hex: "ab".repeat(32) },
  addresses: ["192.0.2.10", "198.51.100.7"],
  port: 20_000,
  ssrc: 42,
  sessionId: "7",
} as const;

const sdp = (lines: readonly string[]) => `${lines.join("\r\n")}\r\n`;
const without = (start: string) => sdp(OFFER.filter((line) => !line.startsWith(start)));

describe("a browser's offer", () => {
  it("is read for what a call needs of it", () => {
    expect(readWebRtcOffer(sdp(OFFER))).toMatchObject({
      index: 0,
      codec: { codec: "opus", sendPayloadType: 111, parameters: "minptime=10;useinbandfec=1" },
      direction: "sendrecv",
      ice: { usernameFragment: "Yw7Z" },
      fingerprints: [{ hash: "sha256", hex: PRINT.replaceAll(":", "") }],
    });
  });

  it("is answered with all our addresses, and what is no speech is refused in its place", () => {
    const answer = answerWebRtcOffer(readWebRtcOffer(sdp(OFFER)), ANSWERING).split("\r\n");
    expect(answer).toEqual(
      expect.arrayContaining(["a=ice-lite", "a=group:BUNDLE 0", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=setup:active"]),
    );
    expect(answer.filter((line) => line.startsWith("a=candidate"))).toEqual([
      "a=candidate:40 1 udp 2130706431 192.0.2.10 20000 typ host",
      "a=candidate:41 1 udp 2130706175 198.51.100.7 20000 typ host",
    ]);
    expect(answer).toContain("a=ssrc:42 cname:agent");
    expect(answer.slice(answer.indexOf("m=video 0 UDP/TLS/RTP/SAVPF 96"))).toContain("a=mid:1");
  });

  it.each([
    ["no audio", without("m=audio"), "no_audio"],
    ["no Opus", without("a=rtpmap:111"), "no_common_codec"],
    ["no certificate", without("a=fingerprint"), "encryption_required"],
    ["no password", without("a=ice-pwd"), "encryption_required"],
    ["two ports", without("a=rtcp-mux"), "encryption_required"],
    ["a will to begin", sdp(OFFER.map((line) => line.replace("actpass", "active"))), "encryption_refused"],
  ])("with %s is refused with a reason", (_, offer, code) => {
    expect(() => readWebRtcOffer(offer)).toThrow(expect.objectContaining({ code }));
  });

  it("that is garbled is refused, and never more than that", () => {
    const random = seededRandom(7);
    for (let turn = 0; turn < 2000; turn++) {
      const lines = OFFER.map((line) => (random() < 0.1 ? line.slice(0, random() * line.length) : line));
      const kept = lines.filter(() => random() > 0.05);
      try {
        answerWebRtcOffer(readWebRtcOffer(sdp(kept)), ANSWERING);
      } catch (error) {
        expect(error instanceof SdpError || error instanceof NegotiationError).toBe(true);
      }
    }
  });
});
