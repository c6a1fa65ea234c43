import { Worker } from "node:worker_threads";
// The library crashes the process when the thread that loaded it first ends before the others: load it here first.
import "@evan/opus";
import { FRAME_SAMPLES } from "../../codecs/audio-codec.ts";
import type { MediaAgreement } from "../../sdp/media-agreement.ts";
import type { MediaHandlers } from "../media-session.ts";
import { PEER_AGREEMENT } from "../web-rtc/peer-agreement.ts";
import type { FromMediaThread, MediaThreadData, Notice, SessionSettings, ToMediaThread } from "./media-messages.ts";
import { ThreadedMedia } from "./threaded-media.ts";

/** The media thread can't do what it was asked, or has died: `code` is that of the cause, or `thread_ended`. */
export class MediaThreadError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "MediaThreadError";
    this.code = code;
  }
}

export type ThreadedHandlers = MediaHandlers & {
  /** The session is lost: hang up. Nothing is called after this. */
  readonly onFailed: (error: MediaThreadError) => void;
};

export type OpenPorts = {
  readonly rtpPort: number;
  /**
   * Starts the audio; once.
   * @throws MediaThreadError `already_used`
   */
  start(agreement: MediaAgreement, handlers: ThreadedHandlers, settings?: SessionSettings): ThreadedMedia;
  /** Gives the ports back; where audio was started, it ends. */
  close(): void;
};

export type PeerHandlers = ThreadedHandlers & {
  /** Both sides have their keys: the sound can flow. */
  readonly onConnected?: () => void;
};

export type AnsweredOffer = { readonly answer: string; readonly media: ThreadedMedia };

type Opening = { resolve: (answer: number | string) => void; reject: (error: MediaThreadError) => void };

/** Media sessions in a worker thread. What would fail here fails there, and comes back as `onFailed` of that one call. */
export class MediaThread {
  readonly #worker: Worker;
  readonly #openings = new Map<number, Opening>();
  readonly #sessions = new Map<number, { media: ThreadedMedia; handlers: PeerHandlers }>();
  #lastId = 0;
  #ids: number[] = [];
  #samples = new Int16Array(64 * FRAME_SAMPLES);
  #ended: MediaThreadError | undefined;

  constructor(data: Omit<MediaThreadData, "ports"> & { readonly ports?: Partial<MediaThreadData["ports"]> }) {
    const ports = { from: 20_000, to: 29_999, start: Math.random(), ...data.ports };
    const workerData: MediaThreadData = { ...data, ports };
    this.#worker = new Worker(new URL("./media-worker.ts", import.meta.url), { workerData });
    this.#worker.on("message", (message: FromMediaThread) => this.#receive(message));
    this.#worker.on("error", (error: Error) => this.#end(new MediaThreadError("thread_ended", error.message)));
    this.#worker.on("exit", () => this.#end(new MediaThreadError("thread_ended", "The media thread has ended.")));
  }

  /**
   * Opens the next free pair of ports.
   * @throws MediaThreadError `no_free_port`, the system's own code (`EADDRNOTAVAIL` …), or `thread_ended`
   */
  async openPorts(): Promise<OpenPorts> {
    const id = ++this.#lastId;
    const rtpPort = await this.#ask({ kind: "open", id });
    return this.#toOpenPorts(id, Number(rtpPort));
  }

  /**
   * Answers a browser's offer (SDP), on a port of its own. Frames given before it is connected are dropped.
   * @throws MediaThreadError `no_free_port`, `thread_ended`, or the code of an SdpError or NegotiationError
   */
  async answerOffer(offer: string, handlers: PeerHandlers, settings: SessionSettings = {}): Promise<AnsweredOffer> {
    const id = ++this.#lastId;
    const answer = await this.#ask({ kind: "meet", id, offer, settings });
    const media = this.#makeMedia(id, PEER_AGREEMENT, settings);
    this.#sessions.set(id, { media, handlers });
    return { answer: String(answer), media };
  }

  /** Ends the thread; sessions that are left fail. Idempotent. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(message: FromMediaThread): void {
    switch (message.kind) {
      case "opened":
        return this.#answer(message.id, message.rtpPort);
      case "answered":
        return this.#answer(message.id, message.answer);
      case "failed":
        this.#fail(message.id, new MediaThreadError(message.code, message.message));
        return;
      case "frames":
        this.#deliver(message);
        return;
      case "digit":
        this.#sessions.get(message.id)?.handlers.onDigit?.(message.digit);
        return;
      case "notice":
        return this.#notice(message.id, message.notice);
      case "statistics":
        this.#sessions.get(message.id)?.media.learn(message.statistics);
        return;
    }
  }

  #notice(id: number, notice: Notice): void {
    const handlers = this.#sessions.get(id)?.handlers;
    if (notice === "silent") handlers?.onSilent?.();
    else if (notice === "resumed") handlers?.onResumed?.();
    else handlers?.onConnected?.();
  }

  #ask(question: Extract<ToMediaThread, { kind: "open" | "meet" }>): Promise<number | string> {
    if (this.#ended) return Promise.reject(this.#ended);
    const { promise, resolve, reject } = Promise.withResolvers<number | string>();
    this.#openings.set(question.id, { resolve, reject });
    this.#post(question);
    return promise;
  }

  #answer(id: number, answer: number | string): void {
    this.#openings.get(id)?.resolve(answer);
    this.#openings.delete(id);
  }

  #makeMedia(id: number, agreement: MediaAgreement, { queueFrames = 250 }: SessionSettings): ThreadedMedia {
    return new ThreadedMedia(agreement, queueFrames, {
      post: (order) => this.#post({ ...order, id } as ToMediaThread),
      send: (frame) => this.#send(id, frame),
      forget: () => this.#sessions.delete(id),
    });
  }

  #deliver({ ids, hasSound, sent, gone, samples }: Extract<FromMediaThread, { kind: "frames" }>): void {
    ids.forEach((id, index) => {
      const session = this.#sessions.get(id);
      if (session === undefined || session.media.isClosed) return;
      session.media.count(sent[index] ?? 0, gone[index] ?? 0);
      const frame = samples.subarray(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES);
      session.handlers.onFrame(frame, hasSound[index] === true);
    });
  }

  #toOpenPorts(id: number, rtpPort: number): OpenPorts {
    let media: ThreadedMedia | undefined;
    let isClosed = false;
    return {
      rtpPort,
      start: (agreement, handlers, settings = {}) => {
        if (media || isClosed) throw new MediaThreadError("already_used", "These ports were started or closed before.");
        media = this.#makeMedia(id, agreement, settings);
        this.#sessions.set(id, { media, handlers });
        this.#post({ kind: "start", id, agreement, settings });
        return media;
      },
      close: () => {
        media?.close();
        if (!(media || isClosed)) this.#post({ kind: "close", id });
        isClosed = true;
      },
    };
  }

  /** Frames that are given in one turn of the event loop share a message. */
  #send(id: number, frame: Int16Array): void {
    const at = this.#ids.length * FRAME_SAMPLES;
    if (at === 0) setImmediate(() => this.#flush());
    if (at === this.#samples.length) {
      const larger = new Int16Array(2 * at);
      larger.set(this.#samples);
      this.#samples = larger;
    }
    this.#samples.fill(0, at, at + FRAME_SAMPLES);
    this.#samples.set(frame.subarray(0, FRAME_SAMPLES), at);
    this.#ids.push(id);
  }

  #flush(): void {
    if (this.#ids.length === 0) return;
    const samples = this.#samples.slice(0, this.#ids.length * FRAME_SAMPLES);
    const message = { kind: "send", ids: this.#ids, samples } as const;
    this.#ids = [];
    if (this.#ended === undefined) this.#worker.postMessage(message, [samples.buffer]);
  }

  /** Orders keep their place among the frames. */
  #post(message: ToMediaThread): void {
    this.#flush();
    if (this.#ended === undefined) this.#worker.postMessage(message);
  }

  #fail(id: number, error: MediaThreadError): void {
    this.#openings.get(id)?.reject(error);
    this.#openings.delete(id);
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    if (session && !session.media.isClosed) session.handlers.onFailed(error);
  }

  #end(error: MediaThreadError): void {
    if (this.#ended) return;
    this.#ended = error;
    for (const id of [...this.#openings.keys(), ...this.#sessions.keys()]) this.#fail(id, error);
  }
}
