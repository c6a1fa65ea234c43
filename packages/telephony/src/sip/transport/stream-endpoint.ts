import net from "node:net";
import tls from "node:tls";
import type { Clock } from "../../clock.ts";
import type { MessageLimits } from "../message/parse-message.ts";
import { NetworkError, type NetworkListener, type Target } from "./network.ts";
import { StreamConnection } from "./stream-connection.ts";

/** What the far end has to show, and what we show, on connections that we open. */
export type TlsClientOptions = {
  /** PEM. Default: the roots of Node. */
  readonly ca?: string | readonly string[];
  /** PEM, for a peer that asks who we are. */
  readonly cert?: string;
  readonly key?: string;
  /** False: any certificate will do. Default true. */
  readonly isVerified?: boolean;
};

export type TlsServerOptions = {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  /** PEM; given, a client must show a certificate that it signed. */
  readonly clientCa?: string;
};

export type StreamEndpointOptions = {
  readonly protocol: "tcp" | "tls";
  readonly host: string;
  readonly port: number;
  readonly tlsServer?: TlsServerOptions | undefined;
  readonly tlsClient?: TlsClientOptions | undefined;
  readonly listener: NetworkListener;
  readonly clock: Clock;
  readonly limits: MessageLimits;
  readonly maxConnections: number;
  readonly maxPerAddress: number;
  readonly connectTimeoutMs: number;
  readonly idleMs: number;
};

/** The listening socket for TCP or TLS, and all connections: those that came in and those we opened. */
export class StreamEndpoint {
  readonly #options: StreamEndpointOptions;
  readonly #server: net.Server;
  readonly #byFlow = new Map<string, StreamConnection>();
  readonly #byPeer = new Map<string, StreamConnection>();
  readonly #opening = new Map<string, Promise<StreamConnection>>();
  readonly #perAddress = new Map<string, number>();
  #flows = 0;
  #isOpen = true;

  private constructor(options: StreamEndpointOptions) {
    this.#options = options;
    this.#server =
      options.protocol === "tls"
        ? tls.createServer(tlsServerOptions(options.tlsServer), (socket) => this.#onSecured(socket))
        : net.createServer((socket) => this.#admit(socket) && this.#adopt(socket));
    if (options.protocol === "tls") this.#server.on("connection", (socket) => this.#admit(socket));
    this.#server.on("tlsClientError", (error: Error) => {
      options.listener.onFault?.({ code: "tls_handshake", message: `TLS handshake: ${error.message}` });
    });
  }

  /** @throws NetworkError `cannot_bind` */
  static async bind(options: StreamEndpointOptions): Promise<StreamEndpoint> {
    const endpoint = new StreamEndpoint(options);
    const { protocol, host, port } = options;
    await new Promise<void>((resolve, reject) => {
      endpoint.#server.once("error", (cause) => {
        const where = `${protocol.toUpperCase()} ${host}:${port}`;
        reject(new NetworkError("cannot_bind", `${where} can't be opened: ${cause.message}`, { cause }));
      });
      endpoint.#server.listen(port, host, resolve);
    });
    endpoint.#server.removeAllListeners("error");
    endpoint.#server.on("error", (error) => options.listener.onFault?.({ code: "socket", message: error.message }));
    return endpoint;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : this.#options.port;
  }

  /** Gives the flow it went out on. @throws NetworkError */
  async send(bytes: Uint8Array, target: Target): Promise<string> {
    const connection = this.#find(target) ?? (await this.#connect(target));
    await connection.send(bytes);
    return connection.source.flowId;
  }

  keepAlive(target: Target): void {
    this.#find(target)?.keepAlive();
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const connection of this.#byFlow.values()) connection.close();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #find(target: Target): StreamConnection | undefined {
    const byFlow = target.flowId === undefined ? undefined : this.#byFlow.get(target.flowId);
    const found = byFlow ?? this.#byPeer.get(peerKey(target));
    return found?.isOpen ? found : undefined;
  }

  #connect(target: Target): Promise<StreamConnection> {
    if (!this.#isOpen) return Promise.reject(new NetworkError("closed", "The sockets are closed"));
    const key = peerKey(target);
    const opening = this.#opening.get(key) ?? this.#open(target).finally(() => this.#opening.delete(key));
    this.#opening.set(key, opening);
    return opening;
  }

  #open(target: Target): Promise<StreamConnection> {
    const { protocol, clock, connectTimeoutMs } = this.#options;
    const { address, port } = target;
    return new Promise((resolve, reject) => {
      const socket =
        protocol === "tls"
          ? tls.connect(tlsClientOptions(target, this.#options.tlsClient))
          : net.connect({ host: address, port });
      const fail = (why: string, cause?: Error) => {
        cancel();
        socket.destroy();
        const message = `${protocol.toUpperCase()} to ${address}:${port}: ${why}`;
        reject(new NetworkError("cannot_connect", message, cause && { cause }));
      };
      const cancel = clock.after(connectTimeoutMs, () => fail(`no answer in ${connectTimeoutMs} ms`));
      const onError = (error: Error) => fail(error.message, error);
      const onClose = () => fail("closed while connecting");
      socket.once("error", onError);
      socket.once("close", onClose);
      socket.once(protocol === "tls" ? "secureConnect" : "connect", () => {
        cancel();
        socket.off("close", onClose);
        const connection = this.#adopt(socket, target);
        socket.off("error", onError);
        resolve(connection);
      });
    });
  }

  /** Refuses a connection before any work is done for it. */
  #admit(socket: net.Socket): boolean {
    const address = plainAddress(socket.remoteAddress);
    const count = this.#perAddress.get(address) ?? 0;
    if (this.#byFlow.size >= this.#options.maxConnections || count >= this.#options.maxPerAddress) {
      this.#options.listener.onFault?.({ code: "too_many_connections", message: `Refused one from ${address}` });
      socket.on("error", () => {});
      socket.destroy();
      return false;
    }
    this.#perAddress.set(address, count + 1);
    socket.once("close", () => {
      const left = (this.#perAddress.get(address) ?? 1) - 1;
      if (left <= 0) this.#perAddress.delete(address);
      else this.#perAddress.set(address, left);
    });
    return true;
  }

  #onSecured(socket: tls.TLSSocket): void {
    this.#adopt(socket);
  }

  #adopt(socket: net.Socket, target?: Target): StreamConnection {
    const { protocol, limits, idleMs, listener } = this.#options;
    this.#flows += 1;
    const flowId = `${protocol}-${this.#flows}`;
    const address = plainAddress(socket.remoteAddress ?? target?.address);
    const source = { protocol, address, port: socket.remotePort ?? target?.port ?? 0, flowId };
    const keys = new Set([peerKey(source), ...(target ? [peerKey(target)] : [])]);
    const connection: StreamConnection = new StreamConnection({
      socket,
      source,
      limits,
      idleMs,
      listener,
      onClosed: () => {
        this.#byFlow.delete(flowId);
        for (const key of keys) if (this.#byPeer.get(key) === connection) this.#byPeer.delete(key);
        listener.onFlowClosed?.(flowId);
      },
    });
    this.#byFlow.set(flowId, connection);
    for (const key of keys) this.#byPeer.set(key, connection);
    return connection;
  }
}

/** Connections to one address that had to show different names are not shared. */
function peerKey({ address, port, serverName = "" }: { address: string; port: number; serverName?: string }): string {
  return `${address} ${port} ${net.isIP(serverName) === 0 ? serverName : ""}`;
}

function plainAddress(address = ""): string {
  return address.replace(/^::ffff:/, "");
}

function tlsServerOptions(server: TlsServerOptions | undefined): tls.TlsOptions {
  if (!server) throw new NetworkError("cannot_bind", "TLS needs a certificate and its key");
  const { cert, key, clientCa } = server;
  const asks = clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true };
  return { cert, key, minVersion: "TLSv1.2", handshakeTimeout: 10_000, ...asks };
}

function tlsClientOptions(target: Target, client: TlsClientOptions = {}): tls.ConnectionOptions {
  const { address, port, serverName } = target;
  const isName = serverName !== undefined && net.isIP(serverName) === 0;
  return {
    host: address,
    port,
    minVersion: "TLSv1.2",
    rejectUnauthorized: client.isVerified ?? true,
    ...(isName && { servername: serverName }),
    ...(client.ca !== undefined && { ca: [client.ca].flat() }),
    ...(client.cert !== undefined && { cert: client.cert }),
    ...(client.key !== undefined && { key: client.key }),
  };
}
