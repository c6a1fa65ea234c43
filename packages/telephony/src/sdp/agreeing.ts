/** What comes out when the peer's audio meets our capabilities. */
import { isIPv6 } from "node:net";
import type { CryptoAttribute } from "./crypto-attribute.ts";
import type { AgreedCodec, AgreedFormat, MediaAgreement } from "./media-agreement.ts";
import {
  type AudioCodecName,
  codecOf,
  DEFAULT_SUITES,
  formatOf,
  isComfortNoise,
  isTelephoneEvent,
  type MediaCapabilities,
  telephoneEvent,
} from "./media-capabilities.ts";
import { NegotiationError } from "./negotiation-error.ts";
import type { RemoteAudio } from "./remote-audio.ts";
import { isSameFormat, type RtpFormat } from "./rtp-format.ts";
import type { Direction } from "./session-description.ts";

export type ChosenAudio = {
  readonly audio: RemoteAudio;
  readonly codec: RtpFormat;
  readonly crypto: CryptoAttribute | undefined;
};

/**
 * The stream to accept: the one in use if it is still offered, else an encrypted one, else the first that fits.
 * @throws NegotiationError for the reason why the first stream doesn't fit
 */
export function chooseAudio(
  capabilities: MediaCapabilities,
  streams: readonly RemoteAudio[],
  preferredIndex: number | undefined,
): ChosenAudio {
  const rank = ({ index, isSecureProfile }: RemoteAudio) =>
    index === preferredIndex ? 0 : Number(!isSecureProfile) + 1;
  let firstError: NegotiationError | undefined;
  for (const audio of streams.toSorted((a, b) => rank(a) - rank(b))) {
    try {
      requireAddress(capabilities, audio);
      return { audio, codec: chooseCodec(capabilities, audio), crypto: chooseCrypto(capabilities, audio) };
    } catch (error) {
      if (!(error instanceof NegotiationError)) throw error;
      firstError ??= error;
    }
  }
  throw firstError ?? new NegotiationError("no_audio", "no audio over RTP is offered");
}

/** What an answer states: the one codec, digits at its clock rate or else at any, comfort noise where it fits. */
export function answeredFormats(capabilities: MediaCapabilities, audio: RemoteAudio, codec: RtpFormat): RtpFormat[] {
  const name = codecOf(codec);
  const { parameters } = name ? formatOf(name) : codec;
  const { payloadType, encoding, clockRateHz, channels } = codec;
  const events = capabilities.hasTelephoneEvent === false ? undefined : findEvents(audio.formats, clockRateHz);
  const noise = capabilities.hasComfortNoise && clockRateHz === 8000 && audio.formats.find(isComfortNoise);
  return [
    { payloadType, encoding, clockRateHz, channels, ...(parameters && { parameters }) },
    ...(noise ? [noise] : []),
    ...(events ? [telephoneEvent(events.payloadType, events.clockRateHz)] : []),
  ];
}

/** `local`: the formats as we stated them, under the payload types we receive. */
export function agree(given: {
  capabilities: MediaCapabilities;
  audio: RemoteAudio;
  direction: Direction;
  local: readonly RtpFormat[];
  encryption: MediaAgreement["encryption"];
}): MediaAgreement {
  const { capabilities, audio, direction, local, encryption } = given;
  requireAddress(capabilities, audio);
  const [first, ...rest] = audio.formats.flatMap((remote) => agreeCodec(remote, local));
  if (first === undefined) throw new NegotiationError("no_common_codec", "none of our codecs is in the description");
  const events = findEvents(audio.formats, first.clockRateHz);
  const telephoneEvent = events && match(events, local);
  const noise = first.clockRateHz === 8000 ? audio.formats.find(isComfortNoise) : undefined;
  const comfortNoise = noise && match(noise, local);
  const { ice } = capabilities;
  return {
    remote: {
      rtpPort: audio.rtpPort,
      rtcpPort: audio.rtcpPort,
      ...(audio.address !== undefined && { address: audio.address }),
    },
    hasRtcpMux: audio.hasRtcpMux,
    packetMs: packetLengthMs(audio),
    codecs: [first, ...rest],
    direction,
    isHeldByPeer: !audio.isReceiving,
    ...(telephoneEvent && { telephoneEvent }),
    ...(comfortNoise && { comfortNoise }),
    ...(encryption && { encryption }),
    ...(ice && audio.ice && { ice: { local: ice, remote: audio.ice, candidates: audio.candidates } }),
  };
}

function agreeCodec(remote: RtpFormat, local: readonly RtpFormat[]): AgreedCodec[] {
  const codec = codecOf(remote);
  const format = codec && match(remote, local);
  if (!format) return [];
  return [{ ...format, codec, ...(remote.parameters && { parameters: remote.parameters }) }];
}

/** The peer's payload type is the one to send, ours the one to expect; usually they are the same. */
function match(remote: RtpFormat, local: readonly RtpFormat[]): AgreedFormat | undefined {
  const ours = local.find((format) => isSameCodec(format, remote));
  if (ours === undefined) return undefined;
  const { clockRateHz, payloadType: sendPayloadType } = remote;
  return { clockRateHz, sendPayloadType, receivePayloadType: ours.payloadType };
}

function isSameCodec(one: RtpFormat, other: RtpFormat): boolean {
  const codec = codecOf(one);
  return codec === undefined ? isSameFormat(one, other) : codec === codecOf(other);
}

function chooseCodec({ codecs, preference = "offer" }: MediaCapabilities, { formats }: RemoteAudio): RtpFormat {
  const common = formats.filter((format) => {
    const codec = codecOf(format);
    return codec !== undefined && codecs.includes(codec);
  });
  const place = (format: RtpFormat) => codecs.indexOf(codecOf(format) as AudioCodecName);
  const [best] = preference === "own" ? common.toSorted((a, b) => place(a) - place(b)) : common;
  if (best) return best;
  const offered = formats.map((format) => format.encoding).join(", ") || "none that is known";
  throw new NegotiationError("no_common_codec", `codecs offered: ${offered}; ours: ${codecs.join(", ")}`);
}

function chooseCrypto(capabilities: MediaCapabilities, audio: RemoteAudio): CryptoAttribute | undefined {
  const { encryption = "allowed", suites = DEFAULT_SUITES } = capabilities;
  if (encryption === "never") {
    if (!audio.isSecureProfile) return undefined;
    throw new NegotiationError("encryption_refused", "the offer insists on SRTP, which is switched off here");
  }
  const chosen = audio.cryptos.find(({ suite }) => suites.includes(suite));
  if (chosen || !(audio.isSecureProfile || encryption === "required")) return chosen;
  throw audio.isSecureProfile
    ? new NegotiationError("no_common_suite", `the offer has no usable a=crypto; ours: ${suites.join(", ")}`)
    : new NegotiationError("encryption_required", "this call must be encrypted, and the offer has no a=crypto");
}

function requireAddress(capabilities: MediaCapabilities, audio: RemoteAudio): void {
  if (audio.connection === undefined) throw new NegotiationError("no_address", "the audio has no c= line");
  const { address } = audio;
  if (address !== undefined && isIPv6(address) !== isIPv6(capabilities.address))
    throw new NegotiationError("no_address", `${address} can't be reached from ${capabilities.address}`);
}

function findEvents(formats: readonly RtpFormat[], clockRateHz: number): RtpFormat | undefined {
  const events = formats.filter(isTelephoneEvent);
  return events.find((format) => format.clockRateHz === clockRateHz) ?? events[0];
}

/** The nearest whole number of 20 ms frames to what the peer asks for. */
function packetLengthMs({ ptimeMs = 20, maxPtimeMs = 60 }: RemoteAudio): number {
  const frames = Math.floor(Math.min(ptimeMs, Math.max(20, maxPtimeMs), 60) / 20);
  return Math.max(1, frames) * 20;
}
