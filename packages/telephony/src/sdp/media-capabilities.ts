import type { SrtpSuite } from "../srtp/srtp-suite.ts";
import type { IceCredentials } from "./ice-attributes.ts";
import type { RtpFormat } from "./rtp-format.ts";

export type AudioCodecName = "PCMU" | "PCMA" | "G722" | "opus";

/** What our side of a call can do and wants. */
export type MediaCapabilities = {
  /** The address peers can reach us at: stated in `c=` and `o=`. */
  readonly address: string;
  readonly rtpPort: number;
  /** Best first. At least one. */
  readonly codecs: readonly AudioCodecName[];
  /** Whose order decides an answer's codec. Default: the offer's. */
  readonly preference?: "offer" | "own";
  /**
   * SRTP with keys in the description. `never`: refused. `allowed`: taken where offered. `preferred`: offered too, in a
   * plain profile. `required`: nothing else. Default `allowed`.
   */
  readonly encryption?: "never" | "allowed" | "preferred" | "required";
  /** Default AES_CM_128_HMAC_SHA1_80, AES_CM_128_HMAC_SHA1_32, AEAD_AES_128_GCM. */
  readonly suites?: readonly SrtpSuite[];
  /** RTP and RTCP on one port is always taken where offered; true offers it too. Default false. */
  readonly offersRtcpMux?: boolean;
  /** Comfort noise for 8 kHz codecs (RFC 3389). Default false. */
  readonly hasComfortNoise?: boolean;
  /** Digits within the sound (RFC 4733). Default true. */
  readonly hasTelephoneEvent?: boolean;
  /** Answers an ICE offer as a lite side with these. Default: ICE is not answered. */
  readonly ice?: IceCredentials;
  /** That many random bytes, fit for a key. */
  readonly makeKey: (bytes: number) => Uint8Array;
};

export const DEFAULT_SUITES: readonly SrtpSuite[] = [
  "AES_CM_128_HMAC_SHA1_80",
  "AES_CM_128_HMAC_SHA1_32",
  "AEAD_AES_128_GCM",
];

/** What we offer, under payload types used where the peer has not given them others. */
const FORMATS: Readonly<Record<AudioCodecName, RtpFormat>> = {
  PCMU: { payloadType: 0, encoding: "PCMU", clockRateHz: 8000, channels: 1 },
  PCMA: { payloadType: 8, encoding: "PCMA", clockRateHz: 8000, channels: 1 },
  G722: { payloadType: 9, encoding: "G722", clockRateHz: 8000, channels: 1 },
  opus: {
    payloadType: 96,
    encoding: "opus",
    clockRateHz: 48_000,
    channels: 2,
    parameters: "maxplaybackrate=16000;sprop-maxcapturerate=16000;stereo=0;minptime=10",
  },
};

const EVENTS = "0-15";
const COMFORT_NOISE: RtpFormat = { payloadType: 13, encoding: "CN", clockRateHz: 8000, channels: 1 };

export function formatOf(codec: AudioCodecName): RtpFormat {
  return FORMATS[codec];
}

export function codecOf(format: RtpFormat): AudioCodecName | undefined {
  const name = format.encoding.toLowerCase();
  const found = (Object.keys(FORMATS) as AudioCodecName[]).find((codec) => codec.toLowerCase() === name);
  if (found === undefined || FORMATS[found].clockRateHz !== format.clockRateHz) return undefined;
  return found === "opus" || format.channels === 1 ? found : undefined;
}

export function isTelephoneEvent(format: RtpFormat): boolean {
  return format.encoding.toLowerCase() === "telephone-event";
}

export function isComfortNoise(format: RtpFormat): boolean {
  return format.encoding.toLowerCase() === "cn" && format.clockRateHz === 8000;
}

/** Everything we can say in an offer: the codecs, then digits at each of their clock rates, then comfort noise. */
export function offeredFormats(capabilities: MediaCapabilities): RtpFormat[] {
  const { codecs, hasComfortNoise = false, hasTelephoneEvent = true } = capabilities;
  const audio = codecs.map(formatOf);
  const rates = new Set(audio.map((format) => format.clockRateHz));
  const events = (hasTelephoneEvent ? [...rates] : []).map((clockRateHz, index) =>
    telephoneEvent(101 + index, clockRateHz),
  );
  return [...audio, ...(hasComfortNoise && rates.has(8000) ? [COMFORT_NOISE] : []), ...events];
}

export function telephoneEvent(payloadType: number, clockRateHz: number): RtpFormat {
  return { payloadType, encoding: "telephone-event", clockRateHz, channels: 1, parameters: EVENTS };
}
