/** How a message travels. */
export type TransportProtocol = "udp" | "tcp" | "tls";

/** Where a message came from. */
export type Source = {
  readonly protocol: TransportProtocol;
  readonly address: string;
  readonly port: number;
  /** The connection, for TCP and TLS. */
  readonly flowId?: string;
};

/** Where a message goes. */
export type Target = {
  readonly protocol: TransportProtocol;
  /** IP address, without brackets. */
  readonly address: string;
  readonly port: number;
  /** The connection to use as long as it is open. */
  readonly flowId?: string;
  /** Name that a TLS certificate has to carry. */
  readonly serverName?: string;
};

export type NetworkListener = {
  /** A whole message. */
  onMessage(bytes: Uint8Array, source: Source): void;
  /** A connection is gone; what was sent on it may be lost. */
  onFlowClosed?(flowId: string): void;
  /** A fault that belongs to no message, e.g. a broken TLS handshake. */
  onFault?(fault: NetworkFault): void;
};

export type NetworkFault = { readonly code: NetworkFaultCode; readonly message: string; readonly source?: Source };

export type NetworkFaultCode = "socket" | "tls_handshake" | "bad_stream" | "too_many_connections" | "slow_reader";

/** IPv6 stands in brackets. */
export type LocalAddress = { readonly host: string; readonly port: number };

/** The sockets of a user agent, or a stand-in for them. */
export interface SipNetwork {
  /** Opens the sockets. @throws NetworkError `cannot_bind` */
  start(listener: NetworkListener): Promise<void>;
  /** Host and port that Via and Contact name to a peer, or undefined when the protocol isn't served. */
  localAddress(protocol: TransportProtocol, peerAddress?: string): LocalAddress | undefined;
  /**
   * Sends on the target's flow or its connection, opening one if need be. Gives the flow it went out on, if any.
   * @throws NetworkError
   */
  send(bytes: Uint8Array, target: Target): Promise<string | undefined>;
  /** Keeps a NAT binding or a connection open (RFC 5626 section 3.5.1). */
  keepAlive(target: Target): void;
  /** Closes all sockets; again: no effect. */
  close(): Promise<void>;
}

export type NetworkErrorCode = "cannot_bind" | "cannot_connect" | "cannot_send" | "not_served" | "closed" | "congested";

/** A socket that can't be opened or written to. */
export class NetworkError extends Error {
  readonly code: NetworkErrorCode;

  constructor(code: NetworkErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "NetworkError";
    this.code = code;
  }
}
