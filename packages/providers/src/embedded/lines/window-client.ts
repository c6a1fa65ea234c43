import { setImmediate, setTimeout } from "node:timers";
import type { Samples } from "@earshot/engine";
import { OutgoingWindows } from "./outgoing-windows.ts";
import type { WindowBatch, WindowResults } from "./window-batch.ts";
import type { WorkerLine } from "./worker-line.ts";

/** A stream with this many windows under way (a minute and more) is stalled: they get the fallback, it starts afresh. */
const MAX_PENDING = 3000;
/** With more streams than this, windows wait for each other: a batch costs little more than a window. */
const FEW_STREAMS = 8;
const NOTHING = new Int16Array(0);

export type WindowClientOptions<Values, Result> = {
  readonly line: WorkerLine;
  readonly model: string;
  readonly windowSamples: number;
  /** Reads the result of one window. */
  readonly resultAt: (values: Values, index: number) => Result;
  /** The result of a window that could not be sent or was lost. */
  readonly fallback: (window: Samples) => Result;
  /** False when the fallback does not look at the window, which then is the caller's again at once. */
  readonly keepsWindows: boolean;
  /** How long a window may wait for those of other streams, ms, when there are many. Default 0: for what comes at once. */
  readonly gatherMs?: number;
};

type Stream<Result> = {
  /** Known to the worker by this number, until the stream starts afresh. */
  id: number;
  pending: Pending<Result>[];
};

type Pending<Result> = { readonly window: Samples; readonly done: (result: Result) => void };

/**
 * The near end of a model that works on windows of many streams: what is pushed in one turn of the event loop, or within
 * `gatherMs`, travels in one message, and results come back one message a batch.
 */
export class WindowClient<Values, Result> {
  readonly #options: WindowClientOptions<Values, Result>;
  readonly #streams = new Map<number, Stream<Result>>();
  readonly #outgoing: OutgoingWindows;
  #closedIds: number[] = [];
  #isFlushDue = false;
  #nextId = 1;

  constructor(options: WindowClientOptions<Values, Result>) {
    this.#options = options;
    this.#outgoing = new OutgoingWindows(options.windowSamples);
    options.line.listen({
      onMessage: (message) => {
        const results = message as WindowResults<Values>;
        if (results.type === "window-results" && results.model === options.model) this.#take(results);
      },
      onDown: () => this.#giveUp(),
    });
  }

  open(): WindowStream<Result> {
    const stream: Stream<Result> = { id: this.#nextId++, pending: [] };
    this.#streams.set(stream.id, stream);
    return {
      push: (window, done) => this.#push(stream, window, done),
      close: () => this.#end(stream.id),
    };
  }

  #push(stream: Stream<Result>, window: Samples, done: (result: Result) => void): void {
    if (!this.#streams.has(stream.id)) return;
    const { line, windowSamples, keepsWindows } = this.#options;
    stream.pending.push({ window: keepsWindows ? window : NOTHING, done });
    if (!line.isUp || window.length !== windowSamples || stream.pending.length > MAX_PENDING) {
      this.#startAfresh(stream);
      return;
    }
    this.#outgoing.add(stream.id, window);
    this.#scheduleFlush();
  }

  #startAfresh(stream: Stream<Result>): void {
    this.#end(stream.id);
    stream.id = this.#nextId++;
    this.#streams.set(stream.id, stream);
    this.#release(stream);
  }

  #end(streamId: number): void {
    if (!this.#streams.delete(streamId)) return;
    this.#closedIds.push(streamId);
    this.#scheduleFlush();
  }

  #scheduleFlush(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    const { gatherMs = 0 } = this.#options;
    if (gatherMs > 0 && this.#streams.size > FEW_STREAMS) setTimeout(() => this.#flush(), gatherMs).unref();
    else setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushDue = false;
    const { line, model } = this.#options;
    const closedIds = this.#closedIds;
    if (this.#outgoing.count === 0 && closedIds.length === 0) return;
    this.#closedIds = [];
    const { streamIds, samples } = this.#outgoing.take();
    const batch: WindowBatch = { type: "windows", model, streamIds, samples, closedIds };
    line.post(batch, [streamIds.buffer, samples.buffer]);
  }

  #take(results: WindowResults<Values>): void {
    if (results.spent) this.#outgoing.reuse(results.spent);
    const { streamIds } = results;
    for (let index = 0; index < streamIds.length; index++) {
      const first = this.#streams.get(streamIds[index] as number)?.pending.shift();
      first?.done(this.#options.resultAt(results.values, index));
    }
  }

  #giveUp(): void {
    this.#outgoing.clear();
    for (const stream of this.#streams.values()) this.#release(stream);
  }

  #release(stream: Stream<Result>): void {
    for (const lost of stream.pending.splice(0)) lost.done(this.#options.fallback(lost.window));
  }
}

export type WindowStream<Result> = {
  /** Calls back in order, once a window. */
  push(window: Samples, done: (result: Result) => void): void;
  /** Idempotent. Windows still under way are not called back. */
  close(): void;
};
