/**
 * Offer and answer (RFC 3264) for calls with one audio stream, as values: every function takes a negotiation and returns
 * the next one. What a peer offers beside the audio is refused in its place and keeps that place.
 *
 *      startNegotiation -- makeOffer --> offered -- acceptAnswer --> agreed
 *                       `- answerOffer ---------------------------> agreed -- makeOffer | answerOffer --> …
 */
import { isIPv6 } from "node:net";
import { SRTP_SUITES } from "../srtp/srtp-suite.ts";
import { agree, answeredFormats, chooseAudio } from "./agreeing.ts";
import { type CryptoAttribute, writeCrypto } from "./crypto-attribute.ts";
import { writeIceLite } from "./ice-attributes.ts";
import { type MediaAgreement, receives, sends, toDirection } from "./media-agreement.ts";
import { DEFAULT_SUITES, type MediaCapabilities, offeredFormats } from "./media-capabilities.ts";
import { NegotiationError } from "./negotiation-error.ts";
import { findAudio, type RemoteAudio } from "./remote-audio.ts";
import { isSameFormat, type RtpFormat, readRtpFormats, writeRtpFormat } from "./rtp-format.ts";
import type { Direction, MediaDescription, SdpAttribute, SessionDescription } from "./session-description.ts";

export type Negotiation = {
  readonly capabilities: MediaCapabilities;
  readonly sessionId: string;
  /** What we want: `sendonly` or `inactive` holds the peer. */
  readonly wanted: Direction;
  /** Our last description, as it went out. */
  readonly local: SessionDescription | undefined;
  /** Where in it the audio is. */
  readonly audioIndex: number;
  /** Keys and formats of an offer that waits for its answer. */
  readonly pending: PendingOffer | undefined;
  readonly agreement: MediaAgreement | undefined;
};

export type PendingOffer = { readonly formats: readonly RtpFormat[]; readonly cryptos: readonly CryptoAttribute[] };

export type Negotiated = { readonly negotiation: Negotiation; readonly description: SessionDescription };
export type Agreed = Negotiated & { readonly agreement: MediaAgreement };

/** `sessionId`: digits, unlike those of other calls. */
export function startNegotiation(capabilities: MediaCapabilities, sessionId: string): Negotiation {
  return {
    capabilities,
    sessionId,
    wanted: "sendrecv",
    local: undefined,
    audioIndex: 0,
    pending: undefined,
    agreement: undefined,
  };
}

/** Offers, for the first time or again; `wanted` defaults to what was wanted before. */
export function makeOffer(negotiation: Negotiation, wanted: Direction = negotiation.wanted): Negotiated {
  const { capabilities } = negotiation;
  const known = knownFormats(negotiation);
  const formats = offeredFormats(capabilities).map((format) => keepPayloadType(format, known));
  const cryptos = offeredCryptos(capabilities);
  const protocol = capabilities.encryption === "required" ? "RTP/SAVP" : "RTP/AVP";
  const hasRtcpMux = negotiation.agreement?.hasRtcpMux ?? capabilities.offersRtcpMux === true;
  const audio = describeAudio({ capabilities, protocol, formats, cryptos, direction: wanted, hasRtcpMux });
  const others = negotiation.local?.media ?? [];
  const media = others.length === 0 ? [audio] : others.with(negotiation.audioIndex, audio);
  const description = describe(negotiation, media, false);
  return {
    description,
    negotiation: { ...negotiation, wanted, local: description, pending: { formats, cryptos } },
  };
}

/**
 * Answers a first offer or a later one.
 * @throws NegotiationError when nothing of it can be accepted; the negotiation given is still good then
 */
export function answerOffer(negotiation: Negotiation, offer: SessionDescription): Agreed {
  const { capabilities, wanted } = negotiation;
  const preferredIndex = negotiation.agreement && negotiation.audioIndex;
  const { audio, codec, crypto } = chooseAudio(capabilities, findAudio(offer), preferredIndex);
  const formats = answeredFormats(capabilities, audio, codec);
  const key = crypto && answerKey(negotiation, crypto);
  const direction = toDirection(sends(wanted) && audio.isReceiving, receives(wanted) && audio.isSending);
  const hasIce = audio.ice !== undefined && capabilities.ice !== undefined;
  const ours = describeAudio({
    capabilities,
    protocol: audio.protocol,
    formats,
    cryptos: key ? [key] : [],
    direction,
    hasRtcpMux: audio.hasRtcpMux,
    hasIce,
  });
  const media = offer.media.map((offered, index) => (index === audio.index ? ours : refuse(offered)));
  const description = describe(negotiation, media, hasIce);
  const agreement = agree({
    capabilities,
    audio,
    direction,
    local: formats,
    encryption: crypto && key && { suite: crypto.suite, sendKey: key.key, receiveKey: crypto.key },
  });
  return {
    description,
    agreement,
    negotiation: { ...negotiation, local: description, audioIndex: audio.index, pending: undefined, agreement },
  };
}

/**
 * Takes the answer to our last offer.
 * @throws NegotiationError when the answer refuses the audio, has a codec we didn't offer, or goes without a needed key
 */
export function acceptAnswer(negotiation: Negotiation, answer: SessionDescription): Agreed {
  const { capabilities, pending, local, audioIndex, wanted } = negotiation;
  if (!(pending && local)) throw new NegotiationError("no_offer_made", "an answer came without an offer of ours");
  const audio = findAudio(answer).find(({ index }) => index === audioIndex);
  if (audio === undefined) throw new NegotiationError("no_audio", "the answer refuses the audio");
  const encryption = answeredEncryption(negotiation, pending, audio);
  const direction = toDirection(sends(wanted) && audio.isReceiving, receives(wanted) && audio.isSending);
  const agreement = agree({ capabilities, audio, direction, local: pending.formats, encryption });
  return {
    description: local,
    agreement,
    negotiation: { ...negotiation, pending: undefined, agreement },
  };
}

/** Forgets an offer that was refused (488, 491 …): what was agreed before goes on. */
export function withdrawOffer(negotiation: Negotiation): Negotiation {
  return { ...negotiation, pending: undefined };
}

function answeredEncryption(
  { capabilities }: Negotiation,
  pending: PendingOffer,
  audio: RemoteAudio,
): MediaAgreement["encryption"] {
  const chosen = audio.cryptos[0];
  if (chosen === undefined) {
    if (capabilities.encryption === "required" || audio.isSecureProfile)
      throw new NegotiationError("encryption_required", "the answer has no key, and this call must be encrypted");
    return undefined;
  }
  const ours = pending.cryptos.find(({ tag, suite }) => tag === chosen.tag && suite === chosen.suite);
  if (ours === undefined)
    throw new NegotiationError("answer_does_not_fit", "the answer's key belongs to no offered one");
  return { suite: chosen.suite, sendKey: ours.key, receiveKey: chosen.key };
}

/** A re-offer of the same key gets our same key back, so that a session refresh doesn't restart the cipher. */
function answerKey({ agreement, capabilities }: Negotiation, offered: CryptoAttribute): CryptoAttribute {
  const { tag, suite } = offered;
  const { keyBytes, saltBytes } = SRTP_SUITES[suite];
  const before = agreement?.encryption;
  const isSame = before?.suite === suite && Buffer.from(before.receiveKey).equals(offered.key);
  return { tag, suite, key: isSame ? before.sendKey : capabilities.makeKey(keyBytes + saltBytes) };
}

function offeredCryptos({ encryption, suites = DEFAULT_SUITES, makeKey }: MediaCapabilities): CryptoAttribute[] {
  if (encryption !== "preferred" && encryption !== "required") return [];
  return suites.map((suite, index) => {
    const { keyBytes, saltBytes } = SRTP_SUITES[suite];
    return { tag: index + 1, suite, key: makeKey(keyBytes + saltBytes) };
  });
}

function knownFormats({ local, audioIndex }: Negotiation): RtpFormat[] {
  const media = local?.media[audioIndex];
  return media ? readRtpFormats(media) : [];
}

/** A payload type keeps its meaning for the whole session (RFC 3264 section 8.3.2). */
function keepPayloadType(format: RtpFormat, known: readonly RtpFormat[]): RtpFormat {
  const same = known.find((other) => isSameFormat(other, format));
  if (same) return { ...format, payloadType: same.payloadType };
  const taken = new Set(known.map((other) => other.payloadType));
  if (!taken.has(format.payloadType)) return format;
  let payloadType = 127;
  while (taken.has(payloadType) || (payloadType >= 101 && payloadType <= 104)) payloadType--;
  return { ...format, payloadType };
}

function refuse({ kind, protocol, formats }: MediaDescription): MediaDescription {
  return { kind, port: 0, protocol, formats, attributes: [] };
}

function describeAudio(ours: {
  capabilities: MediaCapabilities;
  protocol: string;
  formats: readonly RtpFormat[];
  cryptos: readonly CryptoAttribute[];
  direction: Direction;
  hasRtcpMux: boolean;
  hasIce?: boolean;
}): MediaDescription {
  const { capabilities, formats, hasRtcpMux } = ours;
  const { address, rtpPort, ice } = capabilities;
  const rtcpPort = hasRtcpMux ? undefined : rtpPort + 1;
  const flag = (name: string): SdpAttribute => ({ name });
  return {
    kind: "audio",
    port: rtpPort,
    protocol: ours.protocol,
    formats: formats.map((format) => String(format.payloadType)),
    attributes: [
      ...formats.flatMap(writeRtpFormat),
      { name: "ptime", value: "20" },
      flag(ours.direction),
      ...(hasRtcpMux ? [flag("rtcp-mux")] : []),
      ...ours.cryptos.map((crypto) => ({ name: "crypto", value: writeCrypto(crypto) })),
      ...(ours.hasIce && ice ? writeIceLite(ice, { address, port: rtpPort, rtcpPort }) : []),
    ],
  };
}

/** The version counts up when, and only when, something changed (RFC 3264 section 8). */
function describe(
  { capabilities, sessionId, local }: Negotiation,
  media: readonly MediaDescription[],
  hasIce: boolean,
): SessionDescription {
  const connection = { family: isIPv6(capabilities.address) ? "IP6" : "IP4", address: capabilities.address } as const;
  const attributes: SdpAttribute[] = hasIce ? [{ name: "ice-lite" }] : [];
  const make = (sessionVersion: string): SessionDescription => ({
    origin: { username: "-", sessionId, sessionVersion, ...connection },
    name: "-",
    connection,
    attributes,
    media,
  });
  if (local === undefined) return make("1");
  const before = local.origin.sessionVersion;
  const isSame = JSON.stringify(make(before)) === JSON.stringify(local);
  return isSame ? local : make(String(BigInt(before) + 1n));
}
