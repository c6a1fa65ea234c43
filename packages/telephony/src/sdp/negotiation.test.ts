import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MediaCapabilities } from "./media-capabilities.ts";
import { type Agreed, acceptAnswer, answerOffer, makeOffer, startNegotiation, withdrawOffer } from "./negotiation.ts";
import { NegotiationError } from "./negotiation-error.ts";
import { parseSdp } from "./parse-sdp.ts";
import { SdpError } from "./sdp-error.ts";
import { serialiseSdp } from "./serialise-sdp.ts";
import { findAttribute, findDirection, type SessionDescription } from "./session-description.ts";

const OURS: MediaCapabilities = {
  address: "198.51.100.7",
  rtpPort: 20_000,
  codecs: ["opus", "G722", "PCMU", "PCMA"],
  makeKey: (bytes) => new Uint8Array(bytes).fill(7),
};

const KEY = Buffer.alloc(30, 1).toString("base64");

function offer(...lines: string[]): SessionDescription {
  return parseSdp(["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0", ...lines].join("\r\n"));
}

function answer(to: SessionDescription, changes: Partial<MediaCapabilities> = {}): Agreed {
  return answerOffer(startNegotiation({ ...OURS, ...changes }, "42"), to);
}

describe("answering", () => {
  it("takes the offer's first codec that we have, with digits at its clock rate", () => {
    const { agreement, description } = answer(
      offer(
        "m=audio 4000 RTP/AVP 18 96 0 100 101",
        "a=rtpmap:96 OPUS/48000/2",
        "a=rtpmap:100 telephone-event/8000",
        "a=rtpmap:101 telephone-event/48000",
      ),
    );
    expect(agreement.codecs).toMatchObject([{ codec: "opus", sendPayloadType: 96 }]);
    expect(agreement.telephoneEvent).toEqual({ clockRateHz: 48_000, sendPayloadType: 101, receivePayloadType: 101 });
    expect(description.media[0]?.formats).toEqual(["96", "101"]);
  });

  it("takes our own first codec where ours is the order that counts", () => {
    const both = offer("m=audio 4000 RTP/AVP 0 9");
    expect(answer(both).agreement.codecs[0].codec).toBe("PCMU");
    expect(answer(both, { preference: "own" }).agreement.codecs[0].codec).toBe("G722");
  });

  it("keeps G.722 at the clock rate of 8000 that its registration has by mistake", () => {
    const { agreement, description } = answer(offer("m=audio 4000 RTP/AVP 9"));
    expect(agreement.codecs[0].clockRateHz).toBe(8000);
    expect(serialiseSdp(description)).toContain("a=rtpmap:9 G722/8000\r\n");
  });

  it("refuses other streams in their place", () => {
    const { description } = answer(
      offer("m=video 5000 RTP/AVP 31", "m=audio 4000 RTP/AVP 0", "m=image 6000 udptl t38", "m=audio 4002 RTP/AVP 0"),
    );
    expect(description.media.map(({ kind, port }) => [kind, port])).toEqual([
      ["video", 0],
      ["audio", 20_000],
      ["image", 0],
      ["audio", 0],
    ]);
  });

  it.each([
    ["sendrecv", "sendrecv"],
    ["sendonly", "recvonly"],
    ["recvonly", "sendonly"],
    ["inactive", "inactive"],
  ])("answers %s with %s", (theirs, ours) => {
    const { agreement, description } = answer(offer("m=audio 4000 RTP/AVP 0", `a=${theirs}`));
    expect(agreement.direction).toBe(ours);
    expect(description.media[0] && findDirection(description.media[0])).toBe(ours);
  });

  it("takes the null address for a hold, and sends nothing there", () => {
    const { agreement } = answer(offer("m=audio 4000 RTP/AVP 0", "c=IN IP4 0.0.0.0"));
    expect(agreement).toMatchObject({ direction: "recvonly", isHeldByPeer: true });
    expect(agreement.remote.address).toBeUndefined();
  });

  it("never agrees to send to a multicast address or a host name", () => {
    for (const address of ["224.0.0.1", "255.255.255.255", "sip.example.org"])
      expect(answer(offer("m=audio 4000 RTP/AVP 0", `c=IN IP4 ${address}`)).agreement.remote.address).toBeUndefined();
  });

  it("mirrors the profile and picks the first suite it has", () => {
    const { agreement, description } = answer(
      offer(
        "m=audio 4000 RTP/SAVPF 0",
        `a=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:${KEY}`,
        `a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:${KEY}|2^20`,
        `a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`,
      ),
    );
    expect(description.media[0]?.protocol).toBe("RTP/SAVPF");
    expect(description.media[0] && findAttribute(description.media[0], "crypto")).toMatch(
      /^2 AES_CM_128_HMAC_SHA1_32 /,
    );
    expect(agreement.encryption?.suite).toBe("AES_CM_128_HMAC_SHA1_32");
  });

  it("encrypts a plain profile that carries a key, unless encryption is switched off", () => {
    const optional = offer("m=audio 4000 RTP/AVP 0", `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`);
    expect(answer(optional).agreement.encryption?.suite).toBe("AES_CM_128_HMAC_SHA1_80");
    expect(answer(optional, { encryption: "never" }).agreement.encryption).toBeUndefined();
  });

  it("prefers an encrypted stream to the same one in plain, and a plain one to none", () => {
    const secure = ["m=audio 4002 RTP/SAVP 0", `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`];
    const both = offer("m=audio 4000 RTP/AVP 0", ...secure);
    expect(answer(both).agreement.remote.rtpPort).toBe(4002);
    expect(answer(both, { encryption: "never" }).agreement.remote.rtpPort).toBe(4000);
  });

  it.each<[string, SessionDescription, Partial<MediaCapabilities>]>([
    ["no_audio", offer("m=video 4000 RTP/AVP 31"), {}],
    ["no_audio", offer("m=audio 0 RTP/AVP 0"), {}],
    ["no_audio", offer("m=audio 9 UDP/TLS/RTP/SAVPF 0"), {}],
    ["no_common_codec", offer("m=audio 4000 RTP/AVP 18"), {}],
    ["encryption_required", offer("m=audio 4000 RTP/AVP 0"), { encryption: "required" }],
    ["encryption_refused", offer("m=audio 4000 RTP/SAVP 0"), { encryption: "never" }],
    ["no_common_suite", offer("m=audio 4000 RTP/SAVP 0"), {}],
    ["no_address", offer("m=audio 4000 RTP/AVP 0", "c=IN IP6 2001:db8::1"), {}],
    ["no_address", parseSdp("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\nm=audio 4000 RTP/AVP 0"), {}],
  ])("refuses with %s", (code, refused, changes) => {
    expect(() => answer(refused, changes)).toThrow(expect.objectContaining({ name: "NegotiationError", code }));
  });

  it("takes RTCP on the same port, on a port of its own, or on the next one", () => {
    const audio = "m=audio 4000 RTP/AVP 0";
    expect(answer(offer(audio)).agreement.remote.rtcpPort).toBe(4001);
    expect(answer(offer(audio, "a=rtcp:5555 IN IP4 192.0.2.1")).agreement.remote.rtcpPort).toBe(5555);
    const muxed = answer(offer(audio, "a=rtcp-mux"));
    expect(muxed.agreement).toMatchObject({ hasRtcpMux: true, remote: { rtcpPort: 4000 } });
    expect(serialiseSdp(muxed.description)).toContain("a=rtcp-mux");
  });

  it("answers ICE as a lite side, and leaves it alone where it isn't offered", () => {
    const ice = { usernameFragment: "abcd", password: "0123456789012345678901" };
    const plain = ["m=audio 4000 RTP/AVP 0"];
    const withIce = [
      ...plain,
      "a=ice-ufrag:WXYZ",
      "a=ice-pwd:9876543210987654321098",
      "a=candidate:1 1 UDP 2130706431 192.0.2.9 4000 typ host",
      "a=candidate:2 1 TCP 1 192.0.2.9 9 typ host",
    ];
    const answered = answer(offer(...withIce), { ice });
    const text = serialiseSdp(answered.description);
    expect(text).toContain("a=ice-lite\r\n");
    expect(text).toContain("a=candidate:1 1 UDP 2130706431 198.51.100.7 20000 typ host\r\n");
    expect(answered.agreement.ice?.candidates).toMatchObject([{ address: "192.0.2.9", port: 4000 }]);
    expect(serialiseSdp(answer(offer(...plain), { ice }).description)).not.toContain("ice");
  });

  it.each([
    ["20", 20],
    ["30", 20],
    ["40", 40],
    ["200", 60],
    ["10", 20],
  ])("sends packets of whole frames to a peer that wants %s ms", (ptime, packetMs) => {
    expect(answer(offer("m=audio 4000 RTP/AVP 0", `a=ptime:${ptime}`)).agreement.packetMs).toBe(packetMs);
  });
});

it("says nothing of digits within the sound where there are to be none", () => {
  const none = { hasTelephoneEvent: false };
  const { description, negotiation } = makeOffer(startNegotiation({ ...OURS, ...none }, "1"));
  expect(serialiseSdp(description)).not.toContain("telephone-event");
  const both = offer("m=audio 4000 RTP/AVP 0 101", "a=rtpmap:101 telephone-event/8000");
  const answered = answer(both, none);
  expect(serialiseSdp(answered.description)).not.toContain("telephone-event");
  expect(answered.agreement.telephoneEvent).toBeUndefined();
  expect(acceptAnswer(negotiation, both).agreement.telephoneEvent).toBeUndefined();
});

describe("offering", () => {
  const secure = { ...OURS, encryption: "required", rtpPort: 30_000 } as const;

  it("comes to the same agreement on both sides", () => {
    const offered = makeOffer(startNegotiation(secure, "1"));
    expect(offered.description.media[0]?.protocol).toBe("RTP/SAVP");
    const answered = answer(offered.description);
    const accepted = acceptAnswer(offered.negotiation, answered.description);
    expect(accepted.agreement.codecs[0]).toMatchObject({ codec: "opus" });
    expect(accepted.agreement.encryption?.sendKey).toEqual(answered.agreement.encryption?.receiveKey);
    expect(accepted.agreement.telephoneEvent).toEqual(answered.agreement.telephoneEvent);
    expect(accepted.agreement.remote).toMatchObject({ address: "198.51.100.7", rtpPort: 20_000 });
  });

  it("counts the version up for a hold, and not for a refresh that changes nothing", () => {
    const first = makeOffer(startNegotiation(OURS, "1"));
    const again = makeOffer(acceptAnswer(first.negotiation, answer(first.description).description).negotiation);
    expect(again.description.origin.sessionVersion).toBe("1");
    const hold = makeOffer(again.negotiation, "sendonly");
    expect(hold.description.origin.sessionVersion).toBe("2");
    const held = acceptAnswer(hold.negotiation, answer(hold.description).description);
    expect(held.agreement.direction).toBe("sendonly");
    const back = makeOffer(held.negotiation, "sendrecv");
    expect(back.description.origin.sessionVersion).toBe("3");
  });

  it("keeps the peer's payload types and stream order when it offers again after an answer", () => {
    const first = answer(
      offer(
        "m=video 5000 RTP/AVP 31",
        "m=audio 4000 RTP/AVP 111 96",
        "a=rtpmap:111 opus/48000/2",
        "a=rtpmap:96 telephone-event/48000",
      ),
    );
    const again = makeOffer(first.negotiation);
    const [video, audio] = again.description.media;
    expect(video).toMatchObject({ kind: "video", port: 0 });
    expect(audio && serialiseSdp({ ...again.description, media: [audio] })).toContain("a=rtpmap:111 opus/48000/2");
    expect(new Set(audio?.formats).size).toBe(audio?.formats.length);
  });

  it("keeps its key when a re-offer brings the peer's same key", () => {
    let count = 0;
    const capabilities = { ...OURS, makeKey: (bytes: number) => new Uint8Array(bytes).fill(++count) };
    const theirs = offer("m=audio 4000 RTP/SAVP 0", `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`);
    const first = answerOffer(startNegotiation(capabilities, "1"), theirs);
    const refreshed = answerOffer(first.negotiation, theirs);
    expect(refreshed.description).toBe(first.description);
  });

  it("stays with the stream in use when a re-offer has a better one", () => {
    const plain = ["m=audio 4000 RTP/AVP 0"];
    const first = answer(offer(...plain));
    const crypto = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`;
    const second = answerOffer(first.negotiation, offer(...plain, "m=audio 4002 RTP/SAVP 0", crypto));
    expect(second.agreement.remote.rtpPort).toBe(4000);
    expect(second.description.media.map(({ port }) => port)).toEqual([20_000, 0]);
  });

  it("goes on as before when an offer is refused", () => {
    const first = answer(offer("m=audio 4000 RTP/AVP 0"));
    const offered = makeOffer(first.negotiation, "inactive");
    expect(withdrawOffer(offered.negotiation).agreement).toBe(first.agreement);
    expect(() => acceptAnswer(withdrawOffer(offered.negotiation), offered.description)).toThrow(NegotiationError);
  });

  it.each([
    ["no_audio", "m=audio 0 RTP/SAVP 0"],
    ["encryption_required", "m=audio 4000 RTP/SAVP 0"],
    ["answer_does_not_fit", `m=audio 4000 RTP/SAVP 0\r\na=crypto:9 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`],
    ["no_common_codec", `m=audio 4000 RTP/SAVP 3\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`],
  ])("refuses an answer with %s", (code, lines) => {
    const { negotiation } = makeOffer(startNegotiation(secure, "1"));
    expect(() => acceptAnswer(negotiation, offer(lines))).toThrow(expect.objectContaining({ code }));
  });
});

it("meets any offer with an agreement or a typed refusal", () => {
  const attribute = fc.constantFrom(
    "a=rtpmap:96 opus/48000/2",
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:xx",
    "a=rtpmap:96",
    "a=fmtp:96",
    "a=ptime:-1",
    "a=ptime:x",
    "a=maxptime:5",
    "a=rtcp:x",
    "a=rtcp:99999",
    "a=rtcp-mux",
    "a=sendonly",
    "a=inactive",
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA",
    `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`,
    "a=candidate:1 1 UDP x y z",
    "a=ice-ufrag:abcd",
    "a=ice-pwd:0123456789012345678901",
    "c=IN IP4 0.0.0.0",
    "c=IN IP6 ::1",
    "m=video 4000 RTP/AVP 96",
    "m=audio 0 RTP/AVP 0",
  );
  const media = fc.constantFrom("m=audio 4000 RTP/AVP 0", "m=audio 65535 RTP/SAVP 96 0", "m=audio 9 RTP/AVPF 300 x 96");
  const ice = { usernameFragment: "abcd", password: "0123456789012345678901" };
  fc.assert(
    fc.property(media, fc.array(attribute, { maxLength: 12 }), (first, rest) => {
      try {
        const { description, agreement, negotiation } = answer(offer(first, ...rest), { ice });
        expect(parseSdp(serialiseSdp(description)).media.filter(({ port }) => port > 0)).toHaveLength(1);
        expect(agreement.remote.rtcpPort).toBeLessThanOrEqual(65_535);
        makeOffer(negotiation);
      } catch (error) {
        if (!(error instanceof NegotiationError || error instanceof SdpError)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
});
