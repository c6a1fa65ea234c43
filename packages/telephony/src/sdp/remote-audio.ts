/** The peer's half of an audio stream, read from its description without regard to what we want. */
import { isIP } from "node:net";
import { type CryptoAttribute, readCrypto } from "./crypto-attribute.ts";
import { type IceCandidate, type IceCredentials, readCandidates, readIceCredentials } from "./ice-attributes.ts";
import { receives, sends } from "./media-agreement.ts";
import { type RtpFormat, readRtpFormats } from "./rtp-format.ts";
import {
  attributeValues,
  findAttribute,
  findDirection,
  type MediaDescription,
  type SdpAddress,
  type SessionDescription,
} from "./session-description.ts";

export type RemoteAudio = {
  readonly index: number;
  readonly protocol: string;
  readonly isSecureProfile: boolean;
  readonly connection: SdpAddress | undefined;
  /** Undefined for host names, multicast and the null address. */
  readonly address: string | undefined;
  readonly rtpPort: number;
  readonly rtcpPort: number;
  readonly hasRtcpMux: boolean;
  readonly formats: readonly RtpFormat[];
  readonly cryptos: readonly CryptoAttribute[];
  readonly ptimeMs: number | undefined;
  readonly maxPtimeMs: number | undefined;
  readonly isSending: boolean;
  readonly isReceiving: boolean;
  readonly ice: IceCredentials | undefined;
  readonly candidates: readonly IceCandidate[];
};

const PROFILES: ReadonlySet<string> = new Set(["RTP/AVP", "RTP/AVPF", "RTP/SAVP", "RTP/SAVPF"]);

/** The streams that could be ours: audio over RTP, with a port, in a profile without DTLS. */
export function findAudio(session: SessionDescription): RemoteAudio[] {
  return session.media.flatMap((media, index) => {
    const isOurs = media.kind === "audio" && media.port > 0 && PROFILES.has(media.protocol.toUpperCase());
    return isOurs ? [readAudio(session, media, index)] : [];
  });
}

function readAudio(session: SessionDescription, media: MediaDescription, index: number): RemoteAudio {
  const connection = media.connection ?? session.connection;
  const direction = findDirection(media) ?? findDirection(session) ?? "sendrecv";
  const hasRtcpMux = findAttribute(media, "rtcp-mux") !== undefined;
  const rtcpPort = toNumber(findAttribute(media, "rtcp")?.split(" ")[0], 65_535) ?? media.port + 1;
  return {
    index,
    protocol: media.protocol,
    isSecureProfile: media.protocol.toUpperCase().startsWith("RTP/S"),
    connection,
    address: connection && toSendable(connection.address),
    rtpPort: media.port,
    rtcpPort: hasRtcpMux ? media.port : Math.min(rtcpPort, 65_535),
    hasRtcpMux,
    formats: readRtpFormats(media),
    cryptos: attributeValues(media, "crypto")
      .map(readCrypto)
      .filter((crypto) => crypto !== undefined),
    ptimeMs: toNumber(findAttribute(media, "ptime"), 1000),
    maxPtimeMs: toNumber(findAttribute(media, "maxptime"), 1000),
    isSending: sends(direction),
    // The null address is how RFC 2543 put a call on hold.
    isReceiving: receives(direction) && !isNullAddress(connection?.address),
    ice: readIceCredentials(session, media),
    candidates: readCandidates(media),
  };
}

function isNullAddress(address: string | undefined): boolean {
  return address === "0.0.0.0" || address === "::";
}

function toSendable(address: string): string | undefined {
  const family = isIP(address);
  if (family === 0 || isNullAddress(address)) return undefined;
  // From 224.0.0.0 on: multicast and broadcast.
  const isMany = family === 4 ? Number(address.split(".", 1)[0]) >= 224 : /^ff/i.test(address);
  return isMany ? undefined : address;
}

function toNumber(text: string | undefined, most: number): number | undefined {
  const number = Math.floor(Number(text));
  return text !== undefined && number > 0 && number <= most ? number : undefined;
}
