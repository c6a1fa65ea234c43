import {
  ProviderError,
  type ProviderErrorKind,
  type Samples,
  type SpeechToText,
  type SpeechToTextOptions,
  type SpeechToTextStream,
  toSamples,
} from "@earshot/engine";
import type { WorkerLine } from "../lines/worker-line.ts";
import type { ListenReport, ListenRequest } from "./messages.ts";
import type { Heard } from "./transcriber.ts";

/** Audio travels in pieces of this length: often enough for partials, seldom enough to be cheap. */
const PARCEL_SAMPLES = toSamples(100);

export type RemoteSpeechToTextOptions = {
  readonly line: WorkerLine;
  readonly name: string;
  /** BCP 47 primary tags that the model understands; absent: all. */
  readonly languages?: readonly string[];
};

/** Speech to text by the worker at the other end of a line. */
export class RemoteSpeechToText implements SpeechToText {
  readonly name: string;
  readonly #line: WorkerLine;
  readonly #languages: readonly string[] | undefined;
  readonly #streams = new Map<number, RemoteStream>();
  #nextId = 1;

  constructor({ line, name, languages }: RemoteSpeechToTextOptions) {
    this.name = name;
    this.#line = line;
    this.#languages = languages;
    line.listen({
      onMessage: (message) => {
        const report = message as ListenReport;
        if (report.type === "heard" && report.model === name) this.#streams.get(report.streamId)?.take(report.heard);
      },
      onDown: (reason) => {
        for (const stream of this.#streams.values()) stream.loseWorker(reason);
      },
    });
  }

  /** @throws ProviderError "bad-request" for a language that the model does not understand */
  open(options: SpeechToTextOptions): SpeechToTextStream {
    const spoken = options.language.split("-")[0]?.toLowerCase() ?? "";
    if (this.#languages !== undefined && !this.#languages.includes(spoken)) {
      const known = this.#languages.join(", ");
      throw this.#error(
        "bad-request",
        `language: "${options.language}" is not understood by ${this.name}; it knows: ${known}.`,
      );
    }
    const streamId = this.#nextId++;
    const stream = new RemoteStream(options, {
      open: () => {
        const { partialEveryMs } = options;
        const wish = partialEveryMs === undefined ? {} : { partialEveryMs };
        return this.#send({ type: "open", streamId, model: this.name, ...wish });
      },
      begin: (utteranceId) => this.#send({ type: "begin", streamId, utteranceId }),
      audio: (samples) => this.#send({ type: "audio", streamId, samples }, samples),
      mayEnd: (utteranceId) => this.#send({ type: "mayEnd", streamId, utteranceId }),
      glance: (utteranceId) => this.#send({ type: "glance", streamId, utteranceId }),
      end: (utteranceId) => this.#send({ type: "end", streamId, utteranceId }),
      close: () => {
        this.#streams.delete(streamId);
        this.#send({ type: "close", streamId });
      },
      error: (kind, reason) => this.#error(kind, `The words could not be recognised: ${reason}.`),
      problem: () => this.#line.problem,
    });
    this.#streams.set(streamId, stream);
    return stream;
  }

  #send(request: ListenRequest, samples?: Samples): boolean {
    return this.#line.post(request, samples === undefined ? [] : [samples.buffer]);
  }

  #error(kind: ProviderErrorKind, message: string): ProviderError {
    return new ProviderError({ provider: this.name, stage: "speech-to-text", kind, message });
  }
}

type StreamPort = {
  /** These return false when no worker is there. */
  readonly open: () => boolean;
  readonly begin: (utteranceId: number) => boolean;
  readonly audio: (samples: Samples) => boolean;
  readonly mayEnd: (utteranceId: number) => boolean;
  readonly glance: (utteranceId: number) => boolean;
  readonly end: (utteranceId: number) => boolean;
  readonly close: () => void;
  readonly error: (kind: ProviderErrorKind, reason: string) => ProviderError;
  readonly problem: () => string;
};

class RemoteStream implements SpeechToTextStream {
  readonly #options: SpeechToTextOptions;
  readonly #port: StreamPort;
  /** Utterances that have ended and are not reported yet. */
  #pending: number[] = [];
  #current: number | undefined;
  /** The worker has gone since this utterance began: its audio is lost. */
  #isBroken = false;
  #isOpen = false;
  #isClosed = false;
  readonly #parcel = new Int16Array(PARCEL_SAMPLES);
  #filled = 0;

  constructor(options: SpeechToTextOptions, port: StreamPort) {
    this.#options = options;
    this.#port = port;
  }

  begin(utteranceId: number): void {
    if (this.#isClosed) return;
    this.#current = utteranceId;
    this.#filled = 0;
    this.#isOpen = this.#isOpen || this.#port.open();
    this.#isBroken = !(this.#isOpen && this.#port.begin(utteranceId));
  }

  push(samples: Samples): void {
    if (this.#current === undefined) return;
    for (let read = 0; read < samples.length; ) {
      const count = Math.min(samples.length - read, PARCEL_SAMPLES - this.#filled);
      this.#parcel.set(samples.subarray(read, read + count), this.#filled);
      this.#filled += count;
      read += count;
      if (this.#filled === PARCEL_SAMPLES) this.#sendParcel();
    }
  }

  mayEnd(utteranceId: number): void {
    if (this.#current !== utteranceId || this.#isBroken) return;
    this.#sendParcel();
    this.#port.mayEnd(utteranceId);
  }

  glance(utteranceId: number): void {
    if (this.#current !== utteranceId) return;
    this.#sendParcel();
    const isAsked = !this.#isBroken && this.#port.glance(utteranceId);
    if (!isAsked) this.#options.onEvent({ type: "partial", utteranceId, text: "" });
  }

  end(utteranceId: number): void {
    if (this.#current !== utteranceId) return;
    this.#sendParcel();
    this.#current = undefined;
    this.#pending.push(utteranceId);
    if (this.#isBroken || !this.#port.end(utteranceId)) this.#failPending(this.#port.problem());
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#current = undefined;
    this.#pending = [];
    this.#port.close();
  }

  take(heard: Heard): void {
    const { utteranceId } = heard;
    if (heard.type === "partial" || heard.type === "probable") {
      if (this.#current === utteranceId) this.#options.onEvent(heard);
      return;
    }
    if (this.#pending[0] !== utteranceId) return;
    this.#pending.shift();
    if (heard.type === "failed") this.#fail(utteranceId, heard.kind, heard.reason);
    else this.#options.onEvent(heard);
  }

  loseWorker(reason: string): void {
    this.#isOpen = false;
    this.#isBroken = true;
    this.#failPending(reason);
  }

  #sendParcel(): void {
    if (this.#filled === 0) return;
    const samples = this.#parcel.slice(0, this.#filled);
    this.#filled = 0;
    if (!this.#isBroken) this.#port.audio(samples);
  }

  /** What ended before the worker was lost fails in the order it ended. */
  #failPending(reason: string): void {
    for (const utteranceId of this.#pending.splice(0)) this.#fail(utteranceId, "unreachable", reason);
  }

  #fail(utteranceId: number, kind: ProviderErrorKind, reason: string): void {
    this.#options.onEvent({ type: "failed", utteranceId, error: this.#port.error(kind, reason) });
  }
}
