export type Endpoint = { readonly address: string; readonly port: number };

export type TransportHandlers = {
  /** The bytes are the receiver's to change. */
  readonly onRtp: (bytes: Uint8Array, from: Endpoint) => void;
  readonly onRtcp: (bytes: Uint8Array, from: Endpoint) => void;
};

/** A port for RTP and the next one for RTCP. Sending never fails: what can't be sent is lost, as on any network. */
export interface MediaTransport {
  readonly rtpPort: number;
  readonly rtcpPort: number;
  /** Called once; what came before is dropped. */
  open(handlers: TransportHandlers): void;
  /** `bytes` may be reused after 200 ms. */
  sendRtp(bytes: Uint8Array, to: Endpoint): void;
  sendRtcp(bytes: Uint8Array, to: Endpoint): void;
  /** Idempotent. */
  close(): void;
}
