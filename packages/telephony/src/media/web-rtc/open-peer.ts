/** Answers a browser's offer: a port of its own, and what is needed for a connection on it. */
import { randomBytes, randomInt } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { MediaAgreement } from "../../sdp/media-agreement.ts";
import { answerWebRtcOffer, readWebRtcOffer } from "../../sdp/web-rtc-offer.ts";
import type { MediaTransport } from "../media-transport.ts";
import { makeCertificate } from "./certificate.ts";
import { DtlsHandshake } from "./dtls-handshake.ts";
import { PEER_AGREEMENT } from "./peer-agreement.ts";
import { PeerTransport } from "./peer-transport.ts";

export type OpenPeerOptions = {
  readonly clock: Clock;
  readonly openPorts: () => Promise<MediaTransport>;
  /** Where browsers reach this machine, best first. */
  readonly addresses: readonly string[];
  readonly isAllowed: (address: string) => boolean;
};

export type OpenedPeer = {
  readonly answer: string;
  readonly transport: MediaTransport;
  /** What our packets are to be sent with. */
  readonly ssrc: number;
  /** What was agreed on, once the connection is there. @throws PeerError */
  readonly connected: Promise<MediaAgreement>;
};

/** @throws SdpError, NegotiationError, PortError */
export async function openPeer(sdp: string, options: OpenPeerOptions): Promise<OpenedPeer> {
  const { clock, isAllowed, addresses } = options;
  const offer = readWebRtcOffer(sdp);
  const certificate = await makeCertificate();
  const ports = await options.openPorts();
  const local = { usernameFragment: randomBytes(4).toString("hex"), password: randomBytes(16).toString("hex") };
  const transport = new PeerTransport({
    ...{ clock, ports, isAllowed },
    ice: { local, remote: offer.ice },
    makeHandshake: (send) => new DtlsHandshake({ certificate, fingerprints: offer.fingerprints, send }),
  });
  const ssrc = randomInt(1, 2 ** 32);
  const answer = answerWebRtcOffer(offer, {
    ...{ ice: local, fingerprint: certificate.fingerprint, addresses, port: ports.rtpPort, ssrc },
    sessionId: String(randomInt(1, 2 ** 47)),
  });
  const agreed: MediaAgreement = { ...PEER_AGREEMENT, codecs: [offer.codec], direction: offer.direction };
  return { answer, transport, ssrc, connected: transport.connected.then((encryption) => ({ ...agreed, encryption })) };
}
