import type { Socket } from "node:net";
import type { MessageLimits } from "../message/parse-message.ts";
import { SipError } from "../message/sip-error.ts";
import { StreamFramer } from "../message/stream-framer.ts";
import { NetworkError, type NetworkListener, type Source } from "./network.ts";

const CRLF = new Uint8Array([13, 10]);
const PING = new Uint8Array([13, 10, 13, 10]);
/** Bytes a peer may leave unread before it is cut off. */
const MAX_UNSENT_BYTES = 1024 * 1024;

/** One open TCP or TLS connection. */
export class StreamConnection {
  readonly source: Required<Source>;
  readonly #socket: Socket;
  readonly #framer: StreamFramer;
  readonly #listener: NetworkListener;

  constructor(options: {
    socket: Socket;
    source: Required<Source>;
    limits: MessageLimits;
    idleMs: number;
    listener: NetworkListener;
    onClosed: () => void;
  }) {
    const { socket, source, listener } = options;
    this.#socket = socket;
    this.source = source;
    this.#listener = listener;
    this.#framer = new StreamFramer(options.limits);
    socket.setNoDelay(true);
    socket.setTimeout(options.idleMs, () => socket.destroy());
    socket.on("data", (bytes) => this.#onData(bytes));
    socket.on("error", (error) => this.#fault("socket", error.message));
    socket.on("close", options.onClosed);
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  send(bytes: Uint8Array): Promise<void> {
    if (!this.isOpen) return Promise.reject(new NetworkError("closed", "The connection is closed"));
    if (this.#socket.writableLength > MAX_UNSENT_BYTES) {
      this.#fault("slow_reader", "The peer doesn't read what it is sent");
      this.#socket.destroy();
      return Promise.reject(new NetworkError("congested", "The peer doesn't read what it is sent"));
    }
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (cause) => {
        if (cause) reject(new NetworkError("cannot_send", cause.message, { cause }));
        else resolve();
      });
    });
  }

  keepAlive(): void {
    if (this.isOpen) this.#socket.write(PING);
  }

  close(): void {
    this.#socket.destroy();
  }

  #onData(bytes: Buffer): void {
    try {
      for (const frame of this.#framer.push(bytes)) {
        if (frame.kind === "message") this.#listener.onMessage(frame.bytes, this.source);
        else if (frame.kind === "ping" && this.isOpen) this.#socket.write(CRLF);
      }
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      this.#fault("bad_stream", error.message);
      this.#socket.destroy();
    }
  }

  #fault(code: "socket" | "bad_stream" | "slow_reader", message: string): void {
    this.#listener.onFault?.({ code, message: `${this.source.protocol}: ${message}`, source: this.source });
  }
}
