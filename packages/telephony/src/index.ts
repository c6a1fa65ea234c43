/** SIP, SDP, RTP, SRTP and codecs from the RFCs: bytes in, events out. */

export type { Clock } from "./clock.ts";
export { type AudioCodec, FRAME_MS, FRAME_RATE_HZ, FRAME_SAMPLES } from "./codecs/audio-codec.ts";
export { makePcma, makePcmu } from "./codecs/g711.ts";
export { makeG722 } from "./codecs/g722.ts";
export { makeOpus } from "./codecs/opus.ts";
export type { CallQuality } from "./media/call-quality.ts";
export { FrameTicker } from "./media/frame-ticker.ts";
export { type MediaHandlers, MediaSession, type MediaSessionOptions } from "./media/media-session.ts";
export type { MediaStatistics } from "./media/media-statistics.ts";
export type { Endpoint, MediaTransport } from "./media/media-transport.ts";
export { PortError, PortRange } from "./media/port-range.ts";
export type { Latching } from "./media/source-latch.ts";
export { SystemClock } from "./media/system-clock.ts";
export type { SessionSettings } from "./media/thread/media-messages.ts";
export {
  type AnsweredOffer,
  MediaThread,
  MediaThreadError,
  type OpenPorts,
  type PeerHandlers,
  type ThreadedHandlers,
} from "./media/thread/media-thread.ts";
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
export type { AdmissionReason, AdmissionVerdict } from "./sip/admission/admission.ts";
export { AllowList } from "./sip/admission/allow-list.ts";
export { Gate, type GateOptions } from "./sip/admission/gate.ts";
export { TokenBuckets } from "./sip/admission/token-buckets.ts";
export type { DigestAlgorithm, DigestSecret } from "./sip/auth/digest.ts";
export type { Credentials } from "./sip/auth/digest-client.ts";
export { type AuthVerdict, DigestServer, type FindSecret } from "./sip/auth/digest-server.ts";
export type { Call, ReferOptions, SendResult } from "./sip/call/call.ts";
export type { CallEvent, CallMedia, CallOutcome, CallWatcher, EndCause, ReferRequest } from "./sip/call/call-event.ts";
export { outcomeOf } from "./sip/call/call-outcome.ts";
export type { CustomHeaders } from "./sip/call/custom-headers.ts";
export type { DtmfInfoFormat } from "./sip/call/dtmf-info.ts";
export type { AnswerOptions, IncomingCall, ProgressOptions } from "./sip/call/incoming-call.ts";
export type { ReofferResult } from "./sip/call/negotiation.ts";
export type { InviteOptions, OutgoingCall } from "./sip/call/outgoing-call.ts";
export type { SessionIntervalSettings } from "./sip/call/session-interval.ts";
export type { TransferOutcome, TransferProgress } from "./sip/call/transfer.ts";
export type { UserAgentFault } from "./sip/fault.ts";
export type { IncomingMessage } from "./sip/incoming-requests.ts";
export { findPart } from "./sip/message/multipart.ts";
export { formatNameAddr, type NameAddr, parseNameAddr } from "./sip/message/name-addr.ts";
export { DEFAULT_LIMITS, type MessageLimits, parseMessage } from "./sip/message/parse-message.ts";
export { serializeMessage } from "./sip/message/serialize-message.ts";
export { SipError, type SipErrorCode } from "./sip/message/sip-error.ts";
export { SipHeaders } from "./sip/message/sip-headers.ts";
export {
  bodyOf,
  bodyText,
  type SipBody,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  textBody,
} from "./sip/message/sip-message.ts";
export { findUri, formatUri, parseUri, type SipUri, userOf } from "./sip/message/uri.ts";
export { type OutOfCallResult, ping, sendMessage } from "./sip/out-of-call.ts";
export { type Binding, type LocationStore, MemoryLocationStore } from "./sip/registration/location-store.ts";
export { type RegisteredTarget, Registrar, type RegistrarOptions } from "./sip/registration/registrar.ts";
export { Registration, type RegistrationOptions, type RegistrationState } from "./sip/registration/registration.ts";
export type { ServerTransaction } from "./sip/transaction/server-transaction.ts";
export { dnsLookup } from "./sip/transport/dns-lookup.ts";
export {
  NetworkError,
  type NetworkErrorCode,
  type NetworkFault,
  type NetworkListener,
  type SipNetwork,
  type Source,
  type Target,
  type TransportProtocol,
} from "./sip/transport/network.ts";
export type { NameLookup } from "./sip/transport/resolve-target.ts";
export { SocketNetwork, type SocketNetworkOptions } from "./sip/transport/socket-network.ts";
export type { TlsClientOptions, TlsServerOptions } from "./sip/transport/stream-endpoint.ts";
export { CallCaps, type CallSlot } from "./sip/trunk/call-caps.ts";
export {
  type Trunk,
  type TrunkChoice,
  TrunkGroup,
  type TrunkGroupOptions,
  type TrunkHealth,
} from "./sip/trunk/trunk-group.ts";
export { UserAgent, type UserAgentOptions } from "./sip/user-agent.ts";
export { SrtpSender } from "./srtp/srtp-stream.ts";
export type { SrtpSuite } from "./srtp/srtp-suite.ts";
