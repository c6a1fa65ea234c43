import { ProviderError, type SpeechToSpeechEvent } from "@earshot/engine";
import { type ClientEvent, deleteItem, truncateItem } from "./client-event.ts";
import type { ConversationSoFar } from "./conversation-so-far.ts";
import { Reply } from "./reply.ts";
import type { OutputItem, PartialCall, ServerError, ServerEvent } from "./server-event.ts";
import { type FailureContext, responseFailure, serverFailure } from "./server-failure.ts";
import type { RealtimeVendor } from "./vendor.ts";

/** From a request to the first word about its reply. */
const ASK_LIMIT_MS = 10_000;
/** Between two parts of a reply. */
const PART_LIMIT_MS = 15_000;
/** From a cancellation to the server's word that it is over. */
const CANCEL_LIMIT_MS = 2000;
/** A request that the server was too busy for is made again after this long, where nothing else tells when. */
const RETRY_PAUSE_MS = 300;
const MAX_TRIES = 5;
/** Replies whose audio may still be playing. */
const MAX_FINISHED = 8;
const MAX_IGNORED = 50;

type Ask = { readonly askId: number | undefined; readonly say: string | undefined; tries: number };
type Asked = { readonly ask: Ask; readonly key: string; sentAtMs: number };

export type RepliesOptions = {
  readonly vendor: RealtimeVendor;
  readonly failures: FailureContext;
  readonly soFar: ConversationSoFar;
  readonly send: (event: ClientEvent) => void;
  readonly report: (event: SpeechToSpeechEvent) => void;
  /** A call that the model made: answers to it will be understood. */
  readonly onCall: (callId: string) => void;
  /** Nothing is being said or asked: the time for other settings. Called before what waits is asked. */
  readonly onIdle: () => void;
};

/**
 * Replies and the requests for them. One reply at a time: a request waits for the end of the one before.
 *
 *     ask: waiting --sent--> asked --created--> reply      asked --busy--> waiting    asked --refused, too late--> failed
 *     reply: under way --done--> finished                  under way --cancelled--> silent --done, too late--> finished
 */
export class Replies {
  readonly #options: RepliesOptions;
  readonly #waiting: Ask[] = [];
  #asked: Asked | undefined;
  #retryAtMs = 0;
  #sent = 0;
  readonly #active = new Map<string, Reply>();
  readonly #finished = new Map<string, Reply>();
  /** Replies that were given up: whatever comes of them is nobody's any more. */
  readonly #ignored = new Set<string>();
  readonly #givenUpAsks = new Set<string>();
  #isReady = false;
  #isPaused = false;

  constructor(options: RepliesOptions) {
    this.#options = options;
  }

  get isIdle(): boolean {
    return this.#active.size === 0 && this.#asked === undefined;
  }

  get waitingAsks(): number {
    return this.#waiting.length + (this.#asked ? 1 : 0);
  }

  ask(askId: number | undefined, say: string | undefined, nowMs: number): void {
    this.#waiting.push({ askId, say, tries: 0 });
    this.#pump(nowMs);
  }

  /** The connection answers: from now on it must answer in time. */
  ready(nowMs: number): void {
    this.#isReady = true;
    if (this.#asked) this.#asked.sentAtMs = nowMs;
  }

  /** Nothing is asked between two connections. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(nowMs: number): void {
    this.#isPaused = false;
    this.#isReady = false;
    this.#pump(nowMs);
  }

  cancel(replyId: string, heardMs: number, nowMs: number): void {
    const { send, vendor } = this.#options;
    const reply = this.#active.get(replyId);
    if (reply && !reply.cancelled) {
      reply.cancelled = { atMs: nowMs, heardMs };
      send({ type: "response.cancel", ...(vendor.cancelsById ? { response_id: replyId } : {}) });
      this.#truncate(reply, heardMs);
      reply.cutWords(heardMs);
    }
    const finished = this.#finished.get(replyId);
    if (!finished || heardMs >= finished.audioMs) return;
    this.#finished.delete(replyId);
    this.#truncate(finished, heardMs);
    finished.cutWords(heardMs);
  }

  receive(event: ServerEvent, nowMs: number): void {
    switch (event.type) {
      case "response-created":
        return this.#begin(event.responseId, event.ask, nowMs);
      case "item-added":
      case "item-done":
        return this.#item(this.#find(event.responseId, nowMs), event.item, event.type === "item-done");
      case "text":
        return this.#text(this.#find(event.responseId, nowMs), event.text);
      case "audio":
        return this.#audio(this.#find(event.responseId, nowMs), event.bytes, event.itemId ?? "");
      case "call-complete":
        return this.#call(this.#find(event.responseId, nowMs), event.itemId ?? "", event.call);
      case "response-done":
        return this.#done(event, nowMs);
      default:
        return;
    }
  }

  /** True when the error answers a request for a reply. */
  refuse(error: ServerError, eventId: string | undefined, nowMs: number): boolean {
    const asked = this.#asked;
    if (eventId !== undefined && this.#givenUpAsks.has(eventId)) return true;
    if (!asked || (eventId !== undefined && eventId !== asked.key)) return false;
    if (eventId === undefined && !mayConcernAsk(error)) return false;
    this.#asked = undefined;
    if (isBusy(error) && asked.ask.tries < MAX_TRIES) {
      this.#waiting.unshift(asked.ask);
      this.#retryAtMs = nowMs + RETRY_PAUSE_MS;
    } else this.#failAsk(asked.ask, serverFailure(error, this.#options.failures));
    this.#pump(nowMs);
    return true;
  }

  check(nowMs: number): void {
    for (const reply of this.#active.values()) {
      if (reply.cancelled) {
        if (nowMs >= reply.cancelled.atMs + CANCEL_LIMIT_MS) this.#giveUp(reply, undefined);
      } else if (nowMs >= reply.lastMs + PART_LIMIT_MS) {
        this.#options.send({ type: "response.cancel" });
        this.#giveUp(reply, this.#late(`nothing came of a reply for ${PART_LIMIT_MS / 1000} s`));
      }
    }
    const asked = this.#asked;
    if (asked && this.#isReady && nowMs >= asked.sentAtMs + ASK_LIMIT_MS) {
      this.#asked = undefined;
      addBounded(this.#givenUpAsks, asked.key);
      this.#failAsk(asked.ask, this.#late(`no reply began within ${ASK_LIMIT_MS / 1000} s`));
    }
    this.#pump(nowMs);
  }

  /** The connection is gone. What was asked is asked again; what was being said is lost. */
  interrupt(error: ProviderError): void {
    for (const reply of this.#active.values()) this.#giveUp(reply, reply.cancelled ? undefined : error);
    this.#active.clear();
    this.#finished.clear();
    if (this.#asked) this.#waiting.unshift(this.#asked.ask);
    this.#asked = undefined;
    this.#isReady = false;
  }

  #pump(nowMs: number): void {
    if (this.#isPaused || !this.isIdle) return;
    this.#options.onIdle();
    // Other settings may have needed another connection.
    if (this.#isPaused || !this.isIdle || nowMs < this.#retryAtMs) return;
    const ask = this.#waiting.shift();
    if (!ask) return;
    ask.tries++;
    const key = `ask_${++this.#sent}`;
    this.#asked = { ask, key, sentAtMs: nowMs };
    this.#options.send(this.#options.vendor.toAsk({ eventId: key, ask: key, say: ask.say }));
  }

  #begin(responseId: string, key: string | undefined, nowMs: number): void {
    if (this.#active.has(responseId) || this.#ignored.has(responseId)) return;
    if (key !== undefined && this.#givenUpAsks.delete(key)) {
      addBounded(this.#ignored, responseId);
      return this.#options.send({ type: "response.cancel" });
    }
    // Vendors speak one reply at a time: the one before is over, whether they said so or not.
    for (const reply of this.#active.values()) this.#giveUp(reply, undefined);
    const { vendor, soFar, report } = this.#options;
    const asked = this.#asked;
    const isAnswer = asked && (key === asked.key || (key === undefined && vendor.matchesAsks === "by-order"));
    if (isAnswer) this.#asked = undefined;
    const askId = isAnswer ? asked.ask.askId : undefined;
    const entry = soFar.addAgent();
    this.#active.set(responseId, new Reply({ id: responseId, entry, rateHz: vendor.sampleRateHz, nowMs }));
    report({ type: "reply-started", replyId: responseId, ...(askId === undefined ? {} : { askId }) });
  }

  #find(responseId: string | undefined, nowMs: number): Reply | undefined {
    const reply = responseId === undefined ? [...this.#active.values()].at(-1) : this.#active.get(responseId);
    if (reply) reply.lastMs = nowMs;
    return reply;
  }

  #text(reply: Reply | undefined, text: string): void {
    if (!reply || reply.cancelled || text === "") return;
    reply.entry.text += text;
    this.#options.report({ type: "reply-text", replyId: reply.id, text });
  }

  #audio(reply: Reply | undefined, bytes: Buffer, itemId: string): void {
    if (!reply) return;
    const samples = reply.hear(bytes, itemId);
    if (samples.length === 0 || reply.cancelled) return;
    this.#options.report({ type: "reply-audio", replyId: reply.id, samples });
  }

  #item(reply: Reply | undefined, item: OutputItem, isDone: boolean): void {
    if (!reply || item.kind !== "call") return;
    reply.noteItem(item.itemId, item.call);
    if (isDone) this.#call(reply, item.itemId, item.call);
  }

  #call(reply: Reply | undefined, itemId: string, given: PartialCall): void {
    const call = reply?.takeCall(itemId, given);
    if (!reply || !call) return;
    // Nobody will answer it: the model must not wait.
    if (reply.cancelled) {
      if (itemId !== "") this.#options.send(deleteItem(itemId));
      return;
    }
    reply.entry.toolCalls.push(call);
    this.#options.onCall(call.id);
    this.#options.report({ type: "reply-tool-call", replyId: reply.id, call });
  }

  #done(event: ServerEvent & { type: "response-done" }, nowMs: number): void {
    const { responseId } = event;
    if (this.#ignored.delete(responseId)) return this.#pump(nowMs);
    if (this.#finished.has(responseId)) return;
    this.#begin(responseId, event.ask, nowMs);
    const reply = this.#active.get(responseId);
    if (!reply) return;
    for (const item of event.items) if (item.kind === "call") this.#call(reply, item.itemId, item.call);
    const tail = reply.finish();
    const failure = responseFailure(event, this.#options.failures);
    // What was still on its way when it was cancelled.
    if (reply.cancelled) this.#truncate(reply, reply.cancelled.heardMs);
    else if (tail.length > 0) this.#options.report({ type: "reply-audio", replyId: reply.id, samples: tail });
    this.#end(reply, reply.cancelled ? undefined : failure);
    this.#pump(nowMs);
  }

  #giveUp(reply: Reply, error: ProviderError | undefined): void {
    addBounded(this.#ignored, reply.id);
    this.#end(reply, error);
  }

  #end(reply: Reply, error: ProviderError | undefined): void {
    this.#active.delete(reply.id);
    this.#finished.set(reply.id, reply);
    for (const id of this.#finished.keys()) if (this.#finished.size > MAX_FINISHED) this.#finished.delete(id);
    if (error) reply.entry.wasCutOff = true;
    if (error) this.#options.report({ type: "reply-failed", replyId: reply.id, error });
    else this.#options.report({ type: "reply-ended", replyId: reply.id });
  }

  #truncate(reply: Reply, heardMs: number): void {
    for (const { itemId, heardMs: ms } of reply.truncate(heardMs))
      if (itemId !== "") this.#options.send(truncateItem(itemId, ms));
  }

  #failAsk({ askId }: Ask, error: ProviderError): void {
    if (askId !== undefined) this.#options.report({ type: "reply-failed", askId, error });
  }

  #late(message: string): ProviderError {
    const { provider } = this.#options.failures;
    return new ProviderError({
      provider,
      stage: "speech-to-speech",
      kind: "timeout",
      message: `${provider}: ${message}`,
    });
  }
}

function isBusy({ code, message }: ServerError): boolean {
  return code === "conversation_already_has_active_response" || /already has an active response/i.test(message);
}

/** Some vendors don't say which event an error is about. */
function mayConcernAsk({ code, message }: ServerError): boolean {
  return !/cancel|truncat|shorter than|audio|buffer|item|session/i.test(`${code} ${message}`);
}

function addBounded(set: Set<string>, value: string): void {
  set.add(value);
  for (const first of set) {
    if (set.size <= MAX_IGNORED) return;
    set.delete(first);
  }
}
