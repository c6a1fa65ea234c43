/** One WebSocket to a vendor: everything about the connection, nothing about what is said on it. */

import { type Clock, ProviderError, type ProviderErrorKind, type ProviderStage } from "@earshot/engine";
import { type RawData, WebSocket } from "ws";

const CONNECT_LIMIT_MS = 5000;
const ATTEMPTS = 2;
const FIRST_PAUSE_MS = 200;
const MAX_PAUSE_MS = 2000;
const PING_EVERY_MS = 10_000;
const CLOSE_LIMIT_MS = 1000;
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
/** A minute of 24 kHz audio as base64. */
const MAX_OUTGOING_BYTES = 4 * 1024 * 1024;
const MAX_REASON_CHARS = 200;

export type WebSocketStreamOptions = {
  /** Who is blamed in errors: "openai/gpt-realtime". */
  readonly provider: string;
  readonly stage: ProviderStage;
  /** ws: or wss:. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** How long one attempt to connect may take. Default 5,000. */
  readonly connectLimitMs?: number;
  /** Attempts to connect, with growing pauses; only where another may succeed. Default 2. */
  readonly attempts?: number;
  /** A far end that answers none of these for as long again is gone. Default 10,000. */
  readonly pingEveryMs?: number;
  /** Default 8 MiB. */
  readonly maxMessageBytes?: number;
  /** What may wait to be sent, before and after it is open; beyond it the stream fails. Default 4 MiB. */
  readonly maxOutgoingBytes?: number;
  readonly onOpen?: () => void;
  /** Text messages, and binary ones that are text. */
  readonly onMessage: (text: string) => void;
  /** Once: it could not be opened, or broke. Nothing follows. Never after `close`. */
  readonly onFailed: (error: ProviderError) => void;
};

type State = "connecting" | "open" | "failing" | "over";

/** Connects at once; what is sent meanwhile is kept, in order. Everything is reported later than the call that causes it. */
export class WebSocketStream {
  readonly #options: WebSocketStreamOptions;
  #state: State = "connecting";
  #socket: WebSocket | undefined;
  #attempt = 0;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #wasHeard = true;
  readonly #cancels = new Set<() => void>();

  constructor(options: WebSocketStreamOptions) {
    this.#options = options;
    this.#connect();
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** Harmless when it is over. */
  send(text: string): void {
    if (this.#state === "failing" || this.#state === "over") return;
    if (this.#state === "open" && this.#socket) {
      if (this.#socket.bufferedAmount + text.length > this.#maxOutgoingBytes) return this.#failSoon(this.#tooSlow());
      this.#socket.send(text);
      return;
    }
    if (this.#waitingBytes + text.length > this.#maxOutgoingBytes) return this.#failSoon(this.#tooSlow());
    this.#waiting.push(text);
    this.#waitingBytes += text.length;
  }

  /** Idempotent; nothing is reported afterwards. What was sent before still goes out. */
  close(): void {
    if (this.#state === "over") return;
    const socket = this.#socket;
    const wasOpen = this.#state === "open";
    this.#end();
    if (!socket) return;
    if (!wasOpen) return socket.terminate();
    socket.close(1000);
    const cancel = this.#options.clock.after(CLOSE_LIMIT_MS, () => socket.terminate());
    socket.once("close", cancel);
  }

  get #maxOutgoingBytes(): number {
    return this.#options.maxOutgoingBytes ?? MAX_OUTGOING_BYTES;
  }

  #connect(): void {
    this.#attempt++;
    let socket: WebSocket;
    try {
      socket = new WebSocket(this.#options.url, {
        ...(this.#options.headers ? { headers: { ...this.#options.headers } } : {}),
        maxPayload: this.#options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
        perMessageDeflate: false,
      });
    } catch (cause) {
      return this.#failSoon(this.#error("bad-request", `${this.#options.url} is no address of a WebSocket`, cause));
    }
    this.#socket = socket;
    const limitMs = this.#options.connectLimitMs ?? CONNECT_LIMIT_MS;
    const cancelLimit = this.#after(limitMs, () => {
      this.#tryAgain(socket, this.#error("timeout", `no connection within ${limitMs} ms`));
    });
    socket.on("unexpected-response", (request, response) => {
      request.destroy();
      const status = response.statusCode ?? 0;
      this.#tryAgain(socket, this.#error(kindOf(status), `the connection was refused with HTTP ${status}`));
    });
    socket.on("error", (cause) => this.#tryAgain(socket, this.#socketError(cause)));
    socket.on("open", () => {
      cancelLimit();
      if (socket === this.#socket && this.#state === "connecting") this.#open(socket);
    });
    socket.on("message", (data, isBinary) => {
      this.#wasHeard = true;
      if (socket === this.#socket && this.#state === "open") this.#receive(data, isBinary);
    });
    socket.on("pong", () => {
      this.#wasHeard = true;
    });
    socket.on("close", (code, reason) => {
      const why = reason.toString("utf8").slice(0, MAX_REASON_CHARS);
      const message = `the connection was closed (${code}${why === "" ? "" : `, ${why}`})`;
      this.#tryAgain(socket, this.#error("unreachable", message));
    });
  }

  #open(socket: WebSocket): void {
    this.#state = "open";
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const text of waiting) socket.send(text);
    this.#wasHeard = true;
    const cancel = this.#options.clock.every(this.#options.pingEveryMs ?? PING_EVERY_MS, () => this.#ping(socket));
    this.#cancels.add(cancel);
    this.#options.onOpen?.();
  }

  #ping(socket: WebSocket): void {
    if (!this.#wasHeard) return this.#fail(this.#error("unreachable", "the far end does not answer any more"));
    this.#wasHeard = false;
    socket.ping();
  }

  #receive(data: RawData, isBinary: boolean): void {
    const bytes = toBuffer(data);
    if (!isBinary) return this.#options.onMessage(bytes.toString("utf8"));
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch (cause) {
      return this.#fail(this.#error("bad-response", "a binary message came that is no text", cause));
    }
    this.#options.onMessage(text);
  }

  /** A broken attempt to connect is followed by another where that may help; a broken connection is not. */
  #tryAgain(socket: WebSocket, error: ProviderError): void {
    if (socket !== this.#socket || this.#state === "over") return;
    if (this.#state !== "connecting" || !error.isRetryable || this.#attempt >= (this.#options.attempts ?? ATTEMPTS))
      return this.#fail(error);
    this.#socket = undefined;
    this.#cancelAll();
    socket.terminate();
    this.#after(Math.min(FIRST_PAUSE_MS * 2 ** (this.#attempt - 1), MAX_PAUSE_MS), () => this.#connect());
  }

  #failSoon(error: ProviderError): void {
    this.#state = "failing";
    this.#after(0, () => this.#fail(error));
  }

  #fail(error: ProviderError): void {
    if (this.#state === "over") return;
    const socket = this.#socket;
    this.#end();
    socket?.terminate();
    this.#options.onFailed(error);
  }

  #end(): void {
    this.#state = "over";
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#cancelAll();
  }

  #after(delayMs: number, run: () => void): () => void {
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#cancels.delete(cancel);
      run();
    });
    this.#cancels.add(cancel);
    return () => {
      this.#cancels.delete(cancel);
      cancel();
    };
  }

  #cancelAll(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }

  #tooSlow(): ProviderError {
    return this.#error("overloaded", "the far end takes in less than it is sent");
  }

  #socketError(cause: Error): ProviderError {
    const code: unknown = Reflect.get(cause, "code");
    const isGarbage = typeof code === "string" && code.startsWith("WS_ERR_");
    return this.#error(isGarbage ? "bad-response" : "unreachable", cause.message.slice(0, MAX_REASON_CHARS), cause);
  }

  #error(kind: ProviderErrorKind, message: string, cause?: unknown): ProviderError {
    const { provider, stage } = this.#options;
    return new ProviderError({
      provider,
      stage,
      kind,
      message: `${provider}: ${message}`,
      ...(cause === undefined ? {} : { cause }),
      ...(kind === "internal" ? { isRetryable: true } : {}),
    });
  }
}

function kindOf(status: number): ProviderErrorKind {
  if (status === 401 || status === 403) return "unauthorized";
  if (status === 408) return "timeout";
  if (status === 429) return "rate-limited";
  if (status === 503 || status === 529) return "overloaded";
  if (status >= 500) return "internal";
  return status >= 400 ? "bad-request" : "bad-response";
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
