import dgram from "node:dgram";
import { NetworkError, type NetworkListener, type Target } from "./network.ts";

const CRLF = new Uint8Array([13, 10]);
/** Largest payload of a UDP datagram over IPv4. */
const MAX_DATAGRAM_BYTES = 65_507;

/** The datagram socket of a user agent. */
export class UdpEndpoint {
  readonly #socket: dgram.Socket;
  readonly #listener: NetworkListener;
  readonly port: number;
  #isOpen = true;

  private constructor(socket: dgram.Socket, listener: NetworkListener) {
    this.#socket = socket;
    this.#listener = listener;
    this.port = socket.address().port;
    socket.on("message", (bytes, peer) => this.#onDatagram(bytes, peer));
    socket.on("error", (error) => listener.onFault?.({ code: "socket", message: `UDP: ${error.message}` }));
  }

  /** @throws NetworkError `cannot_bind` */
  static async bind(options: { host: string; port: number; listener: NetworkListener }): Promise<UdpEndpoint> {
    const { host, port, listener } = options;
    const socket = dgram.createSocket({ type: host.includes(":") ? "udp6" : "udp4", recvBufferSize: 1 << 20 });
    await new Promise<void>((resolve, reject) => {
      socket.once("error", (cause) => {
        reject(new NetworkError("cannot_bind", `UDP ${host}:${port} can't be opened: ${cause.message}`, { cause }));
      });
      socket.bind(port, host, () => resolve());
    });
    socket.removeAllListeners("error");
    return new UdpEndpoint(socket, listener);
  }

  send(bytes: Uint8Array, { address, port }: Target): Promise<undefined> {
    if (!this.#isOpen) return Promise.reject(new NetworkError("closed", "The UDP socket is closed"));
    if (bytes.length > MAX_DATAGRAM_BYTES) {
      return Promise.reject(new NetworkError("cannot_send", `${bytes.length} bytes don't fit a datagram; use TCP`));
    }
    return new Promise((resolve, reject) => {
      this.#socket.send(bytes, port, address, (cause) => {
        if (cause) reject(new NetworkError("cannot_send", `UDP to ${address}:${port}: ${cause.message}`, { cause }));
        else resolve(undefined);
      });
    });
  }

  keepAlive({ address, port }: Target): void {
    if (this.#isOpen) this.#socket.send(CRLF, port, address, () => {});
  }

  close(): Promise<void> {
    if (!this.#isOpen) return Promise.resolve();
    this.#isOpen = false;
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }

  #onDatagram(bytes: Buffer, { address, port }: { address: string; port: number }): void {
    // Keep-alives: line breaks, NULs or a STUN header that nobody here answers.
    if (bytes.length < 20 || bytes[0] === 0) return;
    this.#listener.onMessage(bytes, { protocol: "udp", address: address.replace(/^::ffff:/, ""), port });
  }
}
