import type { MediaAgreement } from "../../sdp/media-agreement.ts";
import type { Endpoint } from "../media-transport.ts";

/** What a media session takes a browser for, wherever its packets come from: the way may change under it. */
export const PEER: Endpoint = { address: "0.0.0.0", port: 9 };

/** Sound with a browser, but for the numbers and keys of the one connection. */
export const PEER_AGREEMENT: MediaAgreement = {
  remote: { address: PEER.address, rtpPort: PEER.port, rtcpPort: PEER.port },
  hasRtcpMux: true,
  packetMs: 20,
  codecs: [{ codec: "opus", clockRateHz: 48_000, sendPayloadType: 111, receivePayloadType: 111 }],
  direction: "sendrecv",
  isHeldByPeer: false,
};
