import type { JournalEntry } from "./call-events.ts";
import { ConnectionError, EarshotError } from "./earshot-error.ts";
import { systemTiming } from "./timing.ts";

/** 16 kHz mono signed 16-bit; a frame is 320 of them, 20 ms. */
export type AudioSamples = Int16Array<ArrayBuffer>;

export type CallAudioHandlers = {
  /** The call has begun: send a frame each 20 ms, or in the pace "fast" one for each that comes. */
  readonly onOpen: (open: { callId: string; pace: "real" | "fast" }) => void;
  /** The next of the agent's audio; it may come ahead of time and is to be played after all that came before. */
  readonly onAudio: (samples: AudioSamples) => void;
  /** Drop what has not been played, then report what has been with `reportPlayed`. */
  readonly onClear: () => void;
  /** Lower the agent's voice by about 18 dB at once, or bring it back: the caller may want to interrupt. */
  readonly onDuck?: (isDucked: boolean) => void;
  readonly onEvent: (entry: JournalEntry) => void;
  /** The last that is called: with a reason when the call ended, with an error when it could not go on. */
  readonly onClosed: (end: { reason: string } | { error: EarshotError }) => void;
  /** The connection broke and is being made anew. */
  readonly onLost?: () => void;
};

/** How long the server keeps a call for a caller whose connection broke. */
const RESUME_WITHIN_MS = 20_000;
const RETRY_AFTER_MS = 250;
const MAX_BUFFERED_BYTES = 20 * 32_000;

/**
 * One call's audio over WebSocket, both ways, as the caller. Needs a global WebSocket (browsers, Node >= 22). A broken
 * connection is resumed for 20 seconds; what is sent meanwhile is lost, as on a phone.
 */
export class CallAudio {
  /** A token begins the call once; from then on another one leads back to it. */
  #url: string;
  readonly #handlers: CallAudioHandlers;
  #socket: WebSocket | undefined;
  #isBegun = false;
  #isOver = false;
  /** What the server complained of just now: the reason if it then hangs up. */
  #error: EarshotError | undefined;
  #received = 0;
  #lostSince: number | undefined;
  #cancelRetry: () => void = () => undefined;

  /** Connects at once. `url` is the `audioUrl` of a created call. */
  constructor(url: string, handlers: CallAudioHandlers) {
    this.#url = url;
    this.#handlers = handlers;
    this.#connect();
  }

  /** Samples of the agent that have arrived since the call began. */
  get received(): number {
    return this.#received;
  }

  /** Sends the caller's next samples. Drops them while the connection is broken or 20 s behind. */
  send(samples: AudioSamples): void {
    const socket = this.#socket;
    if (socket?.readyState === WebSocket.OPEN && socket.bufferedAmount < MAX_BUFFERED_BYTES) socket.send(samples);
  }

  /** Tells how many of the agent's samples have been played since the call began, dropped ones not counted. */
  reportPlayed(samples: number): void {
    this.#tell({ type: "played", samples });
  }

  /** Presses a key: 0-9, * or #. */
  pressDigit(digit: string): void {
    this.#tell({ type: "digit", digit });
  }

  /** Asks for the end; `onClosed` follows. */
  hangUp(): void {
    this.#tell({ type: "hang-up" });
  }

  /** Drops the connection. Nothing is called afterwards. Idempotent. */
  close(): void {
    this.#isOver = true;
    this.#cancelRetry();
    this.#socket?.close();
  }

  #connect(): void {
    const socket = new WebSocket(this.#url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.onopen = () => {
      if (this.#isBegun) this.#tell({ type: "resume", received: this.#received });
    };
    socket.onmessage = ({ data }) => {
      if (!this.#isOver && socket === this.#socket) this.#take(data);
    };
    socket.onclose = () => {
      if (!this.#isOver && socket === this.#socket) this.#lost();
    };
    socket.onerror = () => undefined;
  }

  #take(data: unknown): void {
    this.#lostSince = undefined;
    this.#error = undefined;
    if (data instanceof ArrayBuffer) {
      const samples = new Int16Array(data.slice(0, data.byteLength - (data.byteLength % 2)));
      this.#received += samples.length;
      this.#handlers.onAudio(samples);
      return;
    }
    const message = parseMessage(data);
    if (message !== undefined) this.#obey(message);
  }

  #obey(message: ServerMessage): void {
    switch (message.type) {
      case "open":
        this.#begin(message);
        break;
      case "clear":
        this.#handlers.onClear();
        break;
      case "duck":
        this.#handlers.onDuck?.(message.isDucked);
        break;
      case "event":
        this.#handlers.onEvent(message.entry);
        break;
      case "closed":
        this.#finish({ reason: message.reason });
        break;
      case "error":
        this.#error = new EarshotError(message.message, { code: message.code });
        break;
    }
  }

  #begin({ callId, pace, resumeToken }: ServerMessage & { type: "open" }): void {
    if (resumeToken !== undefined) this.#url = withToken(this.#url, resumeToken);
    if (this.#isBegun) return;
    this.#isBegun = true;
    this.#handlers.onOpen({ callId, pace });
  }

  #lost(): void {
    const error = this.#error ?? (this.#isBegun ? undefined : refused());
    if (error !== undefined) {
      this.#finish({ error });
      return;
    }
    const nowMs = performance.now();
    if (this.#lostSince === undefined) {
      this.#lostSince = nowMs;
      this.#handlers.onLost?.();
    }
    if (nowMs - this.#lostSince >= RESUME_WITHIN_MS) {
      const message = "The connection to the call was lost and could not be resumed within 20 seconds.";
      this.#finish({ error: new ConnectionError(message, { code: "connection_lost" }) });
      return;
    }
    this.#cancelRetry = systemTiming.after(RETRY_AFTER_MS, () => this.#connect());
  }

  #finish(end: { reason: string } | { error: EarshotError }): void {
    this.close();
    this.#handlers.onClosed(end);
  }

  #tell(message: Readonly<Record<string, string | number>>): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

type ServerMessage =
  | { readonly type: "open"; readonly callId: string; readonly pace: "real" | "fast"; readonly resumeToken?: string }
  | { readonly type: "clear" }
  | { readonly type: "duck"; readonly isDucked: boolean }
  | { readonly type: "event"; readonly entry: JournalEntry }
  | { readonly type: "closed"; readonly reason: string }
  | { readonly type: "error"; readonly code: string; readonly message: string };

function withToken(url: string, token: string): string {
  const next = new URL(url);
  next.searchParams.set("token", token);
  return next.href;
}

function refused(): ConnectionError {
  return new ConnectionError("The server refused the call's audio connection.", { code: "unreachable" });
}

/** What is no message of a kind known here is passed over: servers grow. */
function parseMessage(data: unknown): ServerMessage | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const message = JSON.parse(data) as ServerMessage;
    return ["open", "clear", "duck", "event", "closed", "error"].includes(message.type) ? message : undefined;
  } catch {
    return undefined;
  }
}
