/**
 * A browser's offer of one call's sound, and our answer (RFC 8829): Opus over DTLS-SRTP (RFC 5763), all on one port, with
 * the lite side of ICE (RFC 8445 section 2.5). What else the browser offers is refused in its place.
 */
import { isIPv6 } from "node:net";
import { type IceCredentials, readIceCredentials } from "./ice-attributes.ts";
import { type AgreedCodec, receives, sends, toDirection } from "./media-agreement.ts";
import { NegotiationError } from "./negotiation-error.ts";
import { parseSdp } from "./parse-sdp.ts";
import { readRtpFormats, writeRtpFormat } from "./rtp-format.ts";
import { serialiseSdp } from "./serialise-sdp.ts";
import {
  attributeValues,
  type Direction,
  findAttribute,
  findDirection,
  type MediaDescription,
  type SdpAttribute,
  type SessionDescription,
} from "./session-description.ts";

/** Of a certificate (RFC 8122): lower-case hexadecimal without colons. */
export type Fingerprint = { readonly hash: "sha256" | "sha384" | "sha512"; readonly hex: string };

export type WebRtcOffer = {
  readonly description: SessionDescription;
  /** Where in it the sound is. */
  readonly index: number;
  readonly codec: AgreedCodec;
  readonly direction: Direction;
  readonly ice: IceCredentials;
  readonly fingerprints: readonly Fingerprint[];
};

const HASHES: Readonly<Record<string, Fingerprint["hash"]>> = {
  "sha-256": "sha256",
  "sha-384": "sha384",
  "sha-512": "sha512",
};
/** What we like to receive: speech needs no second channel, and there is nothing that would use redundancy. */
const WANTED = "minptime=10;useinbandfec=0;stereo=0";

/** @throws SdpError, NegotiationError */
export function readWebRtcOffer(sdp: string): WebRtcOffer {
  const description = parseSdp(sdp);
  const index = description.media.findIndex(
    ({ kind, port, protocol }) => kind === "audio" && port > 0 && /^(UDP\/TLS\/)?RTP\/SAVPF?$/i.test(protocol),
  );
  const media = description.media[index];
  if (media === undefined) throw new NegotiationError("no_audio", "the offer has no audio over DTLS-SRTP");
  const opus = readRtpFormats(media).find(
    ({ encoding, clockRateHz }) => /^opus$/i.test(encoding) && clockRateHz === 48_000,
  );
  if (opus === undefined) throw new NegotiationError("no_common_codec", "the offer has no Opus");
  const ice = readIceCredentials(description, media);
  const fingerprints = readFingerprints(description, media);
  if (ice === undefined || fingerprints.length === 0 || findAttribute(media, "rtcp-mux") === undefined)
    throw new NegotiationError("encryption_required", "the offer lacks ice-ufrag, ice-pwd, fingerprint or rtcp-mux");
  const setup = findAttribute(media, "setup") ?? findAttribute(description, "setup") ?? "actpass";
  if (setup === "active")
    throw new NegotiationError("encryption_refused", "the offer must let us begin DTLS: a=setup:actpass");
  const theirs = findDirection(media) ?? findDirection(description) ?? "sendrecv";
  const { payloadType, parameters } = opus;
  return {
    ...{ description, index, ice, fingerprints },
    direction: toDirection(receives(theirs), sends(theirs)),
    codec: {
      codec: "opus",
      clockRateHz: 48_000,
      sendPayloadType: payloadType,
      receivePayloadType: payloadType,
      ...(parameters === undefined ? {} : { parameters }),
    },
  };
}

export type WebRtcAnswering = {
  readonly ice: IceCredentials;
  readonly fingerprint: Fingerprint;
  /** Where we can be reached, best first. */
  readonly addresses: readonly string[];
  readonly port: number;
  /** Of what we send. */
  readonly ssrc: number;
  /** Digits. */
  readonly sessionId: string;
};

export function answerWebRtcOffer(offer: WebRtcOffer, answering: WebRtcAnswering): string {
  const { description, index } = offer;
  const mid = findAttribute(description.media[index] as MediaDescription, "mid");
  const isBundled = attributeValues(description, "group").some((group) => group.startsWith("BUNDLE"));
  return serialiseSdp({
    origin: { username: "-", sessionId: answering.sessionId, sessionVersion: "1", family: "IP4", address: "127.0.0.1" },
    name: "-",
    attributes: [
      { name: "ice-lite" },
      ...(isBundled && mid !== undefined ? [{ name: "group", value: `BUNDLE ${mid}` }] : []),
      { name: "msid-semantic", value: "WMS *" },
    ],
    media: description.media.map((media, at) =>
      at === index ? describeSound(media, offer, answering) : refuse(media),
    ),
  });
}

function describeSound(
  media: MediaDescription,
  { codec, direction }: WebRtcOffer,
  { ice, fingerprint, addresses, port, ssrc }: WebRtcAnswering,
): MediaDescription {
  const mid = findAttribute(media, "mid");
  const { sendPayloadType: payloadType, clockRateHz } = codec;
  const attributes: SdpAttribute[] = [
    ...(mid === undefined ? [] : [{ name: "mid", value: mid }]),
    { name: direction },
    { name: "rtcp-mux" },
    { name: "ice-ufrag", value: ice.usernameFragment },
    { name: "ice-pwd", value: ice.password },
    { name: "fingerprint", value: writeFingerprint(fingerprint) },
    { name: "setup", value: "active" },
    ...writeRtpFormat({ payloadType, encoding: "opus", clockRateHz, channels: 2, parameters: WANTED }),
    { name: "msid", value: "agent agent-voice" },
    { name: "ssrc", value: `${ssrc} cname:agent` },
    ...addresses.map((address, at) => writeHost(address, port, at)),
    { name: "end-of-candidates" },
  ];
  const connection = { family: "IP4", address: "0.0.0.0" } as const;
  return {
    kind: media.kind,
    port: 9,
    protocol: media.protocol,
    formats: [String(payloadType)],
    connection,
    attributes,
  };
}

function refuse({ kind, protocol, formats, attributes }: MediaDescription): MediaDescription {
  const mid = findAttribute({ attributes }, "mid");
  const kept = mid === undefined ? [] : [{ name: "mid", value: mid }];
  return { kind, port: 0, protocol, formats, attributes: [...kept, { name: "inactive" }] };
}

/** RFC 8445 section 5.1.2.1 with type preference 126: the first address is preferred. */
function writeHost(address: string, port: number, at: number): SdpAttribute {
  const priority = 126 * 2 ** 24 + (65_535 - at) * 2 ** 8 + 255;
  return { name: "candidate", value: `${isIPv6(address) ? 6 : 4}${at} 1 udp ${priority} ${address} ${port} typ host` };
}

function readFingerprints(session: SessionDescription, media: MediaDescription): Fingerprint[] {
  const stated = [...attributeValues(media, "fingerprint"), ...attributeValues(session, "fingerprint")];
  return stated.flatMap((value) => {
    const [name = "", octets = ""] = value.split(/\s+/);
    const hash = HASHES[name.toLowerCase()];
    return hash !== undefined && /^([0-9a-f]{2}:){31,63}[0-9a-f]{2}$/i.test(octets)
      ? [{ hash, hex: octets.replaceAll(":", "").toLowerCase() }]
      : [];
  });
}

function writeFingerprint({ hash, hex }: Fingerprint): string {
  const octets = (hex.toUpperCase().match(/../g) ?? []).join(":");
  return `${hash.replace("sha", "sha-")} ${octets}`;
}
