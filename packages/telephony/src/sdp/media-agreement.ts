import type { SrtpSuite } from "../srtp/srtp-suite.ts";
import type { IceCandidate, IceCredentials } from "./ice-attributes.ts";
import type { AudioCodecName } from "./media-capabilities.ts";
import type { Direction } from "./session-description.ts";

export type AgreedFormat = {
  readonly clockRateHz: number;
  readonly sendPayloadType: number;
  readonly receivePayloadType: number;
};

export type AgreedCodec = AgreedFormat & {
  readonly codec: AudioCodecName;
  /** The peer's wishes for what it receives (`a=fmtp`). */
  readonly parameters?: string;
};

/** What both sides settled on: all that an RTP session needs to know. */
export type MediaAgreement = {
  readonly remote: {
    /** Undefined where the peer gave none that can be sent to: wait for it to send first. */
    readonly address?: string;
    readonly rtpPort: number;
    readonly rtcpPort: number;
  };
  readonly hasRtcpMux: boolean;
  /** Length of what we send in a packet: 20, 40 or 60. */
  readonly packetMs: number;
  /** The first one is sent; any may arrive. Never empty. */
  readonly codecs: readonly [AgreedCodec, ...AgreedCodec[]];
  readonly telephoneEvent?: AgreedFormat;
  readonly comfortNoise?: AgreedFormat;
  /** Ours: `recvonly` while the peer holds us. */
  readonly direction: Direction;
  readonly isHeldByPeer: boolean;
  readonly encryption?: {
    readonly suite: SrtpSuite;
    readonly sendKey: Uint8Array;
    readonly receiveKey: Uint8Array;
  };
  readonly ice?: {
    readonly local: IceCredentials;
    readonly remote: IceCredentials;
    readonly candidates: readonly IceCandidate[];
  };
};

export function sends(direction: Direction): boolean {
  return direction === "sendrecv" || direction === "sendonly";
}

export function receives(direction: Direction): boolean {
  return direction === "sendrecv" || direction === "recvonly";
}

export function toDirection(isSending: boolean, isReceiving: boolean): Direction {
  if (isSending) return isReceiving ? "sendrecv" : "sendonly";
  return isReceiving ? "recvonly" : "inactive";
}
