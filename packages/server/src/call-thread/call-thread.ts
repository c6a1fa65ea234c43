import type { CompletionRequest } from "../models/completion-request.ts";
/** The main thread's side of the call thread: where calls are reserved, connected, ended and written down. */

import { Worker } from "node:worker_threads";
import type { EndReason, ReplyPart, TransferOrder } from "@earshot/engine";
import type { LocalModel, SpeechHost } from "@earshot/providers";
import { AppError, StartupError } from "../app-error.ts";
import { appendEntries, type JournalBus } from "../calls/append-entries.ts";
import { beginCall } from "../calls/begin-call.ts";
import type { CallControl, CallReservation } from "../calls/call-control.ts";
import type { CallOrder, InjectContext, Say } from "../calls/call-order.ts";
import { type CloseCallDeps, closeCall } from "../calls/close-call.ts";
import { closeLostCalls } from "../calls/close-orphans.ts";
import type { Config } from "../config.ts";
import type { FromLine, LineWire, ToLine } from "../legs/sip/line-messages.ts";
import type { FromStream, StreamWire, ToStream } from "../legs/stream/stream-messages.ts";
import type { Log } from "../telemetry/log.ts";
import type { WallClock } from "../wall-clock.ts";
import type { AudioLine, AudioSocket } from "./audio-line.ts";
import { CompletionRequests } from "./completion-requests.ts";
import { HandedOver } from "./handed-over.ts";
import type { CallThreadData, FromCallThread, ThreadModel, ToCallThread } from "./messages.ts";
import { PendingOrders } from "./pending-orders.ts";
import { ThreadLines } from "./thread-lines.ts";
import { type AnswersRequests, answerRequest } from "./thread-requests.ts";

/** After the shutdown's patience: how long the calls may take to say goodbye to the database. */
const LAST_WORDS_MS = 6_000;
/** While the database can't be written. What is still open at the next start is closed then. */
const CLOSE_AGAIN_AFTER_MS = 5_000;

export type CallThreadOptions = {
  readonly config: Config;
  readonly speech: SpeechHost;
  readonly localModels: readonly LocalModel[];
  readonly store: CloseCallDeps & { readonly bus: JournalBus };
  readonly clock: WallClock;
  readonly log: Log;
  /** The sockets of telephone calls; absent: there are no such calls. */
  readonly media?: CallThreadData["media"];
  /** Those of browsers' WebRTC; absent: there is none. */
  readonly peers?: CallThreadData["peers"];
};

type Held = { readonly sockets: Map<number, AudioSocket>; readonly over: PromiseWithResolvers<void> };

export class CallThread implements CallControl {
  readonly #options: CallThreadOptions;
  readonly #calls = new Map<string, Held>();
  /** Whose a call's connections are by now. */
  readonly #handedOver = new HandedOver();
  readonly #orders = new PendingOrders();
  readonly #completions = new CompletionRequests((message) => this.#post(message));
  #worker: Worker | undefined;
  #languageModels: readonly ThreadModel[] = [];
  #defaultLanguageModel = "";
  #realtimeModels: readonly ThreadModel[] = [];
  #explanation = "";
  #isDraining = false;
  #isClosed = false;
  #wireId = 0;
  readonly #lines = new ThreadLines<ToLine, FromLine>((lineId, order) => this.#post({ type: "line", lineId, order }), {
    kind: "failed",
    code: "thread_ended",
    message: "The call thread has died.",
  });
  readonly #streams = new ThreadLines<ToStream, FromStream>(
    (streamId, order) => this.#post({ type: "stream", streamId, order }),
    { kind: "hang-up", reason: "internal" },
  );
  readonly #handOverWatchers: ((callId: string, toCallId: string) => void)[] = [];
  #answers: AnswersRequests | undefined;

  constructor(options: CallThreadOptions) {
    this.#options = options;
  }

  get liveCalls(): number {
    return this.#calls.size;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** False while the thread is being started again. */
  get isReady(): boolean {
    return this.#worker !== undefined;
  }

  get languageModels(): readonly ThreadModel[] {
    return this.#languageModels;
  }

  get defaultLanguageModel(): string {
    return this.#defaultLanguageModel;
  }

  /** The first is the default. */
  get realtimeModels(): readonly ThreadModel[] {
    return this.#realtimeModels;
  }

  /** Which language model is the default and why, in one sentence. */
  get explanation(): string {
    return this.#explanation;
  }

  /** @throws StartupError naming the setting to correct */
  async start(): Promise<void> {
    const { config, speech, localModels, media, peers } = this.#options;
    const { bundle, transferList } = speech.connect();
    const data: CallThreadData = {
      speech: bundle,
      localModels,
      dataDirectory: config.dataDirectory,
      languageModel: config.languageModel,
      realtime: config.realtime,
      allowPrivateUrls: config.allowPrivateUrls,
      webhookSecret: config.webhookSecret,
      logLevel: config.logLevel,
      ...(media ? { media } : {}),
      ...(peers ? { peers } : {}),
    };
    // The Opus library crashes the process when the thread that loaded it first ends: this one doesn't.
    await import("@evan/opus");
    const worker = new Worker(new URL("./call-worker.ts", import.meta.url), { workerData: data, transferList });
    const ready = Promise.withResolvers<void>();
    worker.on("message", (message: FromCallThread) => {
      if (message.type === "ready") {
        this.#languageModels = message.languageModels;
        this.#defaultLanguageModel = message.defaultLanguageModel;
        this.#realtimeModels = message.realtimeModels;
        this.#explanation = message.explanation;
        this.#worker = worker;
        ready.resolve();
      } else if (message.type === "refused") ready.reject(new StartupError(message.problem));
      else this.#receive(message);
    });
    worker.on("error", (error) => {
      this.#options.log.error({ error: String(error) }, "The call thread failed");
      ready.reject(error);
    });
    worker.on("exit", () => void this.#onExit(worker));
    await ready.promise;
  }

  async reserve(reservation: CallReservation): Promise<void> {
    this.#checkRoom();
    const over = Promise.withResolvers<void>();
    this.#calls.set(reservation.call.id, { sockets: new Map(), over });
    this.#post({ type: "reserve", reservation });
  }

  /** Connects a far end; undefined when this node doesn't hold the call. */
  connect(callId: string, socket: AudioSocket): AudioLine | undefined {
    const held = this.#calls.get(callId);
    if (!held) return undefined;
    const wireId = ++this.#wireId;
    held.sockets.set(wireId, socket);
    this.#post({ type: "attach", callId, wireId });
    return {
      receiveAudio: (samples) =>
        void this.#post({ type: "audio", callId: this.#handedOver.find(callId), wireId, samples }, [samples.buffer]),
      receiveText: (text) => void this.#post({ type: "text", callId: this.#handedOver.find(callId), wireId, text }),
      close: () => {
        const at = this.#handedOver.find(callId);
        if (this.#calls.get(at)?.sockets.delete(wireId)) this.#post({ type: "detach", callId: at, wireId });
      },
    };
  }

  /** A telephone line, with nothing on it yet. `onReport` may be called at once. */
  openLine(onReport: (report: FromLine) => void): LineWire {
    return this.#lines.open(onReport, { kind: "open" });
  }

  /** A carrier's stream, with nothing on it yet. */
  openStream(onReport: (report: FromStream) => void): StreamWire {
    return this.#streams.open(onReport);
  }

  /** Who is told that the far end of a call is another's from now on. */
  watchHandOvers(onHandedOver: (callId: string, toCallId: string) => void): void {
    this.#handOverWatchers.push(onHandedOver);
  }

  /** Resolves once this node holds the call no more. */
  async whenOver(callId: string): Promise<void> {
    await this.#calls.get(callId)?.over.promise;
  }

  async end(callId: string, reason: EndReason): Promise<boolean> {
    const held = this.#calls.get(callId);
    if (!held) return false;
    this.#post({ type: "end", callId, reason });
    await held.over.promise;
    return true;
  }

  say(callId: string, say: Say): Promise<boolean> {
    return this.#order(callId, { type: "say", ...say });
  }

  injectContext(callId: string, context: InjectContext): Promise<boolean> {
    return this.#order(callId, { type: "inject-context", ...context });
  }

  mute(callId: string, isMuted: boolean): Promise<boolean> {
    return this.#order(callId, { type: "mute", isMuted });
  }

  pauseRecording(callId: string, isPaused: boolean): Promise<boolean> {
    return this.#order(callId, { type: "record", isPaused });
  }

  transfer(callId: string, order: TransferOrder): Promise<boolean> {
    return this.#order(callId, { type: "transfer", order });
  }

  /** Who sends the messages of calls and answers their transfers; without it they fail. */
  serve(answers: AnswersRequests): void {
    this.#answers = answers;
  }

  async bridge(callIdA: string, callIdB: string): Promise<boolean> {
    if (!this.#calls.has(callIdA) || !this.#calls.has(callIdB) || !this.#worker) return false;
    return this.#orders.ask((orderId) => this.#post({ type: "bridge", orderId, callIds: [callIdA, callIdB] }));
  }

  /**
   * Asks a language model of this node; the reply begins at the first read. Aborting `signal`, or reading no further,
   * stops the model. While it is read it throws ProviderError.
   * @throws AppError `unknown_model`, `not_ready`
   */
  complete({ model, ...request }: CompletionRequest, signal: AbortSignal): AsyncIterable<ReplyPart> {
    if (model !== undefined && !this.#languageModels.some(({ name }) => name === model))
      throw new AppError("unknown_model", `there is no language model "${model}": see GET /v1/models`);
    if (!this.#worker) throw new AppError("not_ready", "the call thread is being started; try again in a moment");
    return this.#completions.complete(request, model, signal);
  }

  async drain(timeoutMs: number): Promise<void> {
    this.#isDraining = true;
    if (await this.#allOver(timeoutMs)) return;
    for (const callId of this.#calls.keys()) this.#post({ type: "end", callId, reason: "server-shutdown" });
    await this.#allOver(LAST_WORDS_MS);
  }

  /** Ends the thread, with whatever calls are left on it. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }

  async #order(callId: string, order: CallOrder): Promise<boolean> {
    if (!this.#calls.has(callId) || !this.#worker) return false;
    return this.#orders.ask((orderId) => this.#post({ type: "order", orderId, callId, order }));
  }

  #checkRoom(): void {
    const { maxCalls } = this.#options.config;
    if (this.#isDraining) throw new AppError("not_ready", "the server is shutting down and takes no new calls");
    if (!this.#worker) throw new AppError("not_ready", "the call thread is being started; try again in a moment");
    if (this.#calls.size >= maxCalls)
      throw new AppError("too_many_calls", `all ${maxCalls} places are taken (EARSHOT_MAX_CALLS); try again later`);
  }

  /** False while there is no thread. */
  #post(message: ToCallThread, transfer: readonly ArrayBuffer[] = []): boolean {
    this.#worker?.postMessage(message, [...transfer]);
    return this.#worker !== undefined;
  }

  #receive(message: Exclude<FromCallThread, { type: "ready" | "refused" }>): void {
    switch (message.type) {
      case "started":
        void this.#try("A call could not be marked as begun", () => beginCall(this.#options.store, message.callId));
        return;
      case "journal":
        void this.#store(message);
        return;
      case "audio":
        return this.#socket(message)?.sendAudio(message.samples);
      case "text":
        return this.#socket(message)?.sendText(message.message);
      case "line":
        return this.#lines.receive(message.lineId, message.report);
      case "stream":
        return this.#streams.receive(message.streamId, message.report);
      case "obeyed":
        return this.#orders.settle(message.orderId, message.isObeyed);
      case "completion-part":
      case "completion-over":
        return this.#completions.receive(message);
      case "quality":
        void this.#try("The quality of a call can't be stored", () =>
          this.#options.store.calls.storeQuality(message.callId, message.quality),
        );
        return;
      case "close-wire":
        return this.#socket(message)?.close();
      case "ask":
        void this.#answer(message);
        return;
      case "handed-over":
        return this.#handOver(message);
      case "ended":
        void this.#onEnded(message);
        return;
      case "log":
        this.#options.log[message.level](message.fields, message.message);
        return;
    }
  }

  #socket({ callId, wireId }: { readonly callId: string; readonly wireId: number }): AudioSocket | undefined {
    return this.#calls.get(this.#handedOver.find(callId))?.sockets.get(wireId);
  }

  async #answer({ askId, callId, request }: FromCallThread & { type: "ask" }): Promise<void> {
    this.#post({ type: "answer", askId, answer: await answerRequest(this.#answers, callId, request) });
  }

  #handOver({ callId, toCallId, isRelay }: FromCallThread & { type: "handed-over" }): void {
    const [from, to] = [this.#calls.get(callId), this.#calls.get(toCallId)];
    if (!from || !to) return;
    this.#handedOver.note(callId, toCallId);
    if (isRelay !== true) for (const onHandedOver of this.#handOverWatchers) onHandedOver(callId, toCallId);
    for (const [wireId, socket] of from.sockets) to.sockets.set(wireId, socket);
    from.sockets.clear();
  }

  async #store({ batchId, callId, entries }: FromCallThread & { type: "journal" }): Promise<void> {
    try {
      await appendEntries(this.#options.store, callId, entries);
      this.#post({ type: "stored", batchId });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      this.#options.log.error(
        { callId, error: problem },
        "Journal entries can't be stored; they are kept and tried again",
      );
      this.#post({ type: "stored", batchId, problem });
    }
  }

  async #onEnded(ended: FromCallThread & { type: "ended" }): Promise<void> {
    const { store, clock } = this.#options;
    const isClosed = await this.#try("A call could not be marked as ended; it is tried again", () =>
      closeCall(store, ended.callId, ended),
    );
    this.#forget(ended.callId);
    if (!isClosed && !this.#isClosed) clock.after(CLOSE_AGAIN_AFTER_MS, () => void this.#onEnded(ended));
  }

  #forget(callId: string): void {
    const held = this.#calls.get(callId);
    this.#calls.delete(callId);
    this.#handedOver.forget(callId);
    for (const socket of held?.sockets.values() ?? []) socket.close();
    held?.over.resolve();
  }

  async #onExit(worker: Worker): Promise<void> {
    if (this.#worker === worker) this.#worker = undefined;
    this.#orders.abandon();
    this.#completions.abandon();
    this.#lines.loseAll();
    this.#streams.loseAll();
    if (this.#isClosed) return;
    const lost = [...this.#calls.keys()];
    this.#options.log.error({ calls: lost.length }, "The call thread died and is started again");
    await this.#try("Lost calls could not be closed", () => closeLostCalls(this.#options.store, lost));
    for (const callId of lost) this.#forget(callId);
    await this.#try("The call thread can't be started again", () => this.start());
  }

  async #allOver(timeoutMs: number): Promise<boolean> {
    const over = Promise.all([...this.#calls.values()].map((held) => held.over.promise)).then(() => true);
    const late = Promise.withResolvers<boolean>();
    const cancel = this.#options.clock.after(timeoutMs, () => late.resolve(false));
    return Promise.race([over, late.promise]).finally(cancel);
  }

  /** False when it failed, which is logged. */
  async #try(message: string, run: () => Promise<unknown>): Promise<boolean> {
    try {
      await run();
      return true;
    } catch (error) {
      this.#options.log.error({ error: String(error) }, message);
      return false;
    }
  }
}
