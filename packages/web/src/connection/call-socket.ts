import { withToken } from "../call-access.ts";
import type { JournalEntry } from "../captions/journal-entry.ts";
import type { Media } from "../web-call-events.ts";
import type { Scheduler } from "./scheduler.ts";
import { parseServerMessage, type ServerMessage } from "./server-message.ts";

/**
 * The caller's end of a call: audio and orders over one WebSocket that is resumed when it breaks.
 *
 *     connecting --open--> open --lost--> reconnecting --open--> open
 *         |                 |                  |
 *         +--20 s-----------+--closed----------+--20 s--> closed
 */
export type CallSocketState =
  | { readonly name: "connecting" }
  | { readonly name: "open" }
  | { readonly name: "reconnecting" }
  /** `reason` is an end reason of the call. */
  | { readonly name: "closed"; readonly reason: string };

export interface CallSocketHandlers {
  readonly onState: (state: CallSocketState) => void;
  /** On each connection. `iceServers`: the sound may go over WebRTC. */
  readonly onGreeted: (greeting: { callId: string; iceServers?: readonly RTCIceServer[] }) => void;
  /** SDP. */
  readonly onAnswer: (sdp: string) => void;
  /** Which way the server hears the microphone. */
  readonly onMedia: (media: Media) => void;
  /** Agent's voice: 16 kHz mono, to be played after all before it. */
  readonly onAudio: (samples: Int16Array<ArrayBuffer>) => void;
  /** What has not been played yet is to be dropped; report what has been. */
  readonly onClear: () => void;
  readonly onDuck: (isDucked: boolean) => void;
  readonly onEntry: (entry: JournalEntry) => void;
  /** A sentence from the server for the caller; the call goes on unless a closed state follows. */
  readonly onProblem: (code: string, message: string) => void;
}

/** The part of WebSocket that is used, so that tests can stand in for a network. */
export type SocketLike = Pick<
  WebSocket,
  "send" | "close" | "bufferedAmount" | "binaryType" | "onopen" | "onmessage" | "onclose" | "onerror"
>;

/** How long the server keeps a call whose connection broke. */
const RESUME_WINDOW_MS = 20_000;
const ATTEMPT_TIMEOUT_MS = 5_000;
const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 2_000;
/** Two seconds of microphone: a connection that lags more than that is as good as lost. */
const MAX_UNSENT_BYTES = 64_000;
/** After hanging up, how long to wait for the server to confirm. */
const HANG_UP_TIMEOUT_MS = 2_000;

export class CallSocket {
  /** A token begins a call once; from then on another one leads back to it. */
  #url: string;
  readonly #handlers: CallSocketHandlers;
  readonly #scheduler: Scheduler;
  readonly #createSocket: (url: string) => SocketLike;
  readonly #cancels = new Set<() => void>();
  #socket: SocketLike | undefined;
  #state: CallSocketState = { name: "connecting" };
  #giveUpAtMs = 0;
  #retries = 0;
  #receivedSamples = 0;
  #attempts = 0;
  #playedSamples = 0;
  #isHangingUp = false;

  constructor(options: {
    url: string;
    handlers: CallSocketHandlers;
    scheduler: Scheduler;
    createSocket: (url: string) => SocketLike;
  }) {
    this.#url = options.url;
    this.#handlers = options.handlers;
    this.#scheduler = options.scheduler;
    this.#createSocket = options.createSocket;
  }

  get state(): CallSocketState {
    return this.#state;
  }

  /** Connects; call it once. */
  open(): void {
    this.#giveUpAtMs = this.#scheduler.nowMs() + RESUME_WINDOW_MS;
    this.#connect();
  }

  /** Sends 20 ms of microphone. What is said while the connection is lost is not sent later: it would come too late. */
  sendAudio(frame: Int16Array<ArrayBuffer>): void {
    if (this.#state.name !== "open" || this.#socket === undefined) return;
    if (this.#socket.bufferedAmount > MAX_UNSENT_BYTES) this.#lose(this.#socket);
    else this.#socket.send(frame);
  }

  /** `samples`: agent samples played since the call began, dropped ones not counted. */
  reportPlayed(samples: number): void {
    this.#playedSamples = samples;
    this.#sendJson({ type: "played", samples });
  }

  /** True when the digit went out. */
  pressDigit(digit: string): boolean {
    return this.#sendJson({ type: "digit", digit });
  }

  sendOffer(sdp: string): void {
    this.#sendJson({ type: "offer", sdp });
  }

  sendCandidate(candidate: string): void {
    this.#sendJson({ type: "candidate", candidate });
  }

  /** Ends the call. False when the connection is lost, so that the caller must be hung up by another way. */
  hangUp(): boolean {
    if (this.#state.name === "closed") return true;
    const wasSent = this.#sendJson({ type: "hang-up" });
    if (!wasSent) {
      this.close("caller-hung-up");
      return false;
    }
    this.#isHangingUp = true;
    this.#after(HANG_UP_TIMEOUT_MS, () => this.close("caller-hung-up"));
    return true;
  }

  /** Lets go of the connection without a word. Idempotent. */
  close(reason: string): void {
    if (this.#state.name === "closed") return;
    this.#cancelTimers();
    this.#drop(this.#socket);
    this.#setState({ name: "closed", reason });
  }

  #connect(): void {
    this.#cancelTimers();
    this.#attempts += 1;
    const socket = this.#createSocket(this.#url);
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#opened();
    socket.onmessage = (message: MessageEvent<unknown>) => this.#receive(message.data);
    socket.onclose = (event: CloseEvent) => {
      if (isFinal(event.code)) this.close("connection-lost");
      else this.#lose(socket);
    };
    socket.onerror = null;
    const leftMs = this.#giveUpAtMs - this.#scheduler.nowMs();
    this.#after(Math.min(ATTEMPT_TIMEOUT_MS, leftMs), () => this.#lose(socket));
  }

  #opened(): void {
    this.#cancelTimers();
    this.#retries = 0;
    this.#setState({ name: "open" });
    if (this.#attempts > 1) this.#resume();
  }

  /** Even an attempt that failed may have reached the server: any later one says where the page stands. */
  #resume(): void {
    this.#sendJson({ type: "resume", received: this.#receivedSamples });
    if (this.#playedSamples > 0) this.#sendJson({ type: "played", samples: this.#playedSamples });
  }

  #lose(socket: SocketLike): void {
    if (socket !== this.#socket || this.#state.name === "closed") return;
    this.#drop(socket);
    if (this.#isHangingUp) this.close("caller-hung-up");
    else this.#retry();
  }

  #retry(): void {
    const nowMs = this.#scheduler.nowMs();
    if (this.#state.name === "open") {
      this.#giveUpAtMs = nowMs + RESUME_WINDOW_MS;
      this.#setState({ name: "reconnecting" });
    }
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** this.#retries, MAX_RETRY_MS);
    this.#retries += 1;
    this.#cancelTimers();
    if (nowMs + delayMs >= this.#giveUpAtMs) this.close("connection-lost");
    else this.#after(delayMs, () => this.#connect());
  }

  #receive(data: unknown): void {
    if (this.#state.name === "closed") return;
    if (data instanceof ArrayBuffer) {
      this.#receiveAudio(data);
      return;
    }
    const message = parseServerMessage(data);
    if (message !== undefined) this.#handle(message);
  }

  #receiveAudio(data: ArrayBuffer): void {
    const samples = new Int16Array(data, 0, data.byteLength >> 1);
    this.#receivedSamples += samples.length;
    this.#handlers.onAudio(samples);
  }

  #handle(message: ServerMessage): void {
    switch (message.type) {
      case "open":
        return this.#greet(message);
      case "answer":
        this.#handlers.onAnswer(message.sdp);
        return;
      case "media":
        this.#handlers.onMedia(message.way);
        return;
      case "clear":
        this.#handlers.onClear();
        return;
      case "duck":
        this.#handlers.onDuck(message.isDucked);
        return;
      case "event":
        this.#handlers.onEntry(message.entry);
        return;
      case "error":
        if (LOST_FOR_GOOD.has(message.code)) this.close("connection-lost");
        else this.#handlers.onProblem(message.code, message.message);
        return;
      case "closed":
        this.close(message.reason);
    }
  }

  #greet({ callId, resumeToken, iceServers }: Extract<ServerMessage, { type: "open" }>): void {
    if (resumeToken !== undefined) this.#url = withToken(this.#url, resumeToken);
    this.#handlers.onGreeted({ callId, ...(iceServers === undefined ? {} : { iceServers }) });
  }

  #sendJson(message: object): boolean {
    if (this.#state.name !== "open" || this.#socket === undefined) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #setState(state: CallSocketState): void {
    this.#state = state;
    this.#handlers.onState(state);
  }

  #drop(socket: SocketLike | undefined): void {
    if (socket === undefined) return;
    if (socket === this.#socket) this.#socket = undefined;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #after(delayMs: number, run: () => void): void {
    const cancel = this.#scheduler.after(delayMs, () => {
      this.#cancels.delete(cancel);
      run();
    });
    this.#cancels.add(cancel);
  }

  #cancelTimers(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }
}

/** Errors after which the server has no place for this connection, now or later. */
const LOST_FOR_GOOD: ReadonlySet<string> = new Set(["call_over", "call_taken"]);

/** Policy violation and the server's own codes: trying again would be refused again. */
function isFinal(closeCode: number): boolean {
  return closeCode === 1008 || closeCode >= 4000;
}
