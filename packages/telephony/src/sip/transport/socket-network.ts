import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import type { Clock } from "../../clock.ts";
import { DEFAULT_LIMITS, type MessageLimits } from "../message/parse-message.ts";
import { uriHost } from "../message/uri.ts";
import {
  type LocalAddress,
  NetworkError,
  type NetworkListener,
  type SipNetwork,
  type Target,
  type TransportProtocol,
} from "./network.ts";
import { StreamEndpoint, type TlsClientOptions, type TlsServerOptions } from "./stream-endpoint.ts";
import { UdpEndpoint } from "./udp-endpoint.ts";

export type SocketNetworkOptions = {
  readonly clock: Clock;
  /** Address to bind; 0.0.0.0 and :: are all of this machine's. */
  readonly host: string;
  /** Address that peers beyond a NAT reach us at. Default: the bound one, or this machine's first. */
  readonly advertisedHost?: string;
  /** 0: any free port. Absent: not served. */
  readonly udpPort?: number;
  readonly tcpPort?: number;
  readonly tls?: TlsServerOptions & { readonly port: number };
  readonly tlsClient?: TlsClientOptions;
  readonly limits?: MessageLimits;
  /** TCP and TLS connections at once, each. Default 2,000. */
  readonly maxConnections?: number;
  /** From one address. Default 100. */
  readonly maxConnectionsPerAddress?: number;
  /** Default 5 s. */
  readonly connectTimeoutMs?: number;
  /** A connection without a byte for so long is closed. Default 15 minutes. */
  readonly idleMs?: number;
};

/** UDP, TCP and TLS sockets on one host. */
export class SocketNetwork implements SipNetwork {
  readonly #options: SocketNetworkOptions;
  #udp: UdpEndpoint | undefined;
  #tcp: StreamEndpoint | undefined;
  #tls: StreamEndpoint | undefined;

  constructor(options: SocketNetworkOptions) {
    this.#options = options;
  }

  async start(listener: NetworkListener): Promise<void> {
    const { host, udpPort, tcpPort, tls } = this.#options;
    try {
      if (udpPort !== undefined) this.#udp = await UdpEndpoint.bind({ host, port: udpPort, listener });
      if (tcpPort !== undefined) this.#tcp = await this.#bindStream("tcp", tcpPort, listener);
      if (tls !== undefined) this.#tls = await this.#bindStream("tls", tls.port, listener);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  localAddress(protocol: TransportProtocol, peerAddress = ""): LocalAddress | undefined {
    const port = this.#endpoint(protocol)?.port;
    if (port === undefined) return undefined;
    const { host, advertisedHost } = this.#options;
    const isWildcard = host === "0.0.0.0" || host === "::";
    if (isWildcard && peerAddress === "::1") return { host: "[::1]", port };
    if (isWildcard && peerAddress.startsWith("127.")) return { host: "127.0.0.1", port };
    const own = isWildcard ? firstAddress(host === "::") : host;
    return { host: uriHost(advertisedHost ?? own), port };
  }

  async send(bytes: Uint8Array, target: Target): Promise<string | undefined> {
    const endpoint = this.#endpoint(target.protocol);
    if (!endpoint) throw new NetworkError("not_served", `No ${target.protocol} socket is open here`);
    if (isIP(target.address) === 0) {
      throw new NetworkError("cannot_send", `${target.address} is not an IP address`);
    }
    return endpoint.send(bytes, target);
  }

  keepAlive(target: Target): void {
    this.#endpoint(target.protocol)?.keepAlive(target);
  }

  async close(): Promise<void> {
    await Promise.all([this.#udp?.close(), this.#tcp?.close(), this.#tls?.close()]);
  }

  #endpoint(protocol: TransportProtocol): UdpEndpoint | StreamEndpoint | undefined {
    switch (protocol) {
      case "udp":
        return this.#udp;
      case "tcp":
        return this.#tcp;
      case "tls":
        return this.#tls;
    }
  }

  #bindStream(protocol: "tcp" | "tls", port: number, listener: NetworkListener): Promise<StreamEndpoint> {
    const { clock, host, tls, tlsClient, limits = DEFAULT_LIMITS } = this.#options;
    const { maxConnections = 2_000, maxConnectionsPerAddress = 100 } = this.#options;
    const { connectTimeoutMs = 5_000, idleMs = 900_000 } = this.#options;
    return StreamEndpoint.bind({
      protocol,
      host,
      port,
      tlsServer: tls,
      tlsClient,
      listener,
      clock,
      limits,
      maxConnections,
      maxPerAddress: maxConnectionsPerAddress,
      connectTimeoutMs,
      idleMs,
    });
  }
}

function firstAddress(wantsIpv6: boolean): string {
  const family = wantsIpv6 ? "IPv6" : "IPv4";
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const found = all.find((each) => each.family === family && !each.internal && !each.address.startsWith("fe80"));
  return found?.address ?? (wantsIpv6 ? "::1" : "127.0.0.1");
}
