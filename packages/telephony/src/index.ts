/** SIP, SDP, RTP, SRTP and codecs from the RFCs: bytes in, events out. */

export { type AudioCodec, FRAME_MS, FRAME_RATE_HZ, FRAME_SAMPLES } from "./codecs/audio-codec.ts";
export { makePcma, makePcmu } from "./codecs/g711.ts";
export { makeG722 } from "./codecs/g722.ts";
export { makeOpus } from "./codecs/opus.ts";
export type { CallQuality } from "./media/call-quality.ts";
export type { Clock } from "./media/clock.ts";
export { FrameTicker } from "./media/frame-ticker.ts";
export { type MediaHandlers, MediaSession, type MediaSessionOptions } from "./media/media-session.ts";
export type { MediaStatistics } from "./media/media-statistics.ts";
export type { Endpoint, MediaTransport } from "./media/media-transport.ts";
export { PortError, PortRange } from "./media/port-range.ts";
export type { Latching } from "./media/source-latch.ts";
export { SystemClock } from "./media/system-clock.ts";
export type { SessionSettings } from "./media/thread/media-messages.ts";
export { MediaThread, MediaThreadError, type OpenPorts, type ThreadedHandlers } from "./media/thread/media-thread.ts";
export type { ThreadedMedia } from "./media/thread/threaded-media.ts";
export { openPortPair } from "./media/udp-port-pair.ts";
export type { DigitTiming } from "./rtp/digit-sender.ts";
export type { IceCredentials } from "./sdp/ice-attributes.ts";
export type { AgreedCodec, MediaAgreement } from "./sdp/media-agreement.ts";
export type { AudioCodecName, MediaCapabilities } from "./sdp/media-capabilities.ts";
export {
  type Agreed,
  acceptAnswer,
  answerOffer,
  makeOffer,
  type Negotiated,
  type Negotiation,
  startNegotiation,
  withdrawOffer,
} from "./sdp/negotiation.ts";
export { NegotiationError, type NegotiationErrorCode } from "./sdp/negotiation-error.ts";
export { parseSdp } from "./sdp/parse-sdp.ts";
export { SdpError, type SdpErrorCode } from "./sdp/sdp-error.ts";
export { serialiseSdp } from "./sdp/serialise-sdp.ts";
export type { Direction, SessionDescription } from "./sdp/session-description.ts";
export type { SrtpSuite } from "./srtp/srtp-suite.ts";
