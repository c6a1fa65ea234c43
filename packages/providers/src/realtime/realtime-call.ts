import {
  type Clock,
  ENGINE_RATE_HZ,
  type Message,
  ProviderError,
  Resampler,
  type Samples,
  type SpeechToSpeechBrief,
  type SpeechToSpeechEvent,
  type SpeechToSpeechOptions,
  type SpeechToSpeechStream,
  toSamples,
} from "@earshot/engine";
import { WebSocketStream } from "../websocket-stream.ts";
import { appendAudio, type ClientEvent, systemItem, toItems } from "./client-event.ts";
import { ConversationSoFar } from "./conversation-so-far.ts";
import { Replies } from "./replies.ts";
import { BadServerEvent, parseServerEvent, type ServerError, type ServerEvent } from "./server-event.ts";
import { serverFailure } from "./server-failure.ts";
import { Utterances } from "./utterances.ts";
import type { RealtimeVendor } from "./vendor.ts";

const CHECK_EVERY_MS = 250;
/** Somebody waits on the line. */
const CONNECT_LIMIT_MS = 3000;
/** From the open connection to the answer to its settings. */
const SETTINGS_LIMIT_MS = 5000;
/** Sessions end after 60 minutes: a quiet moment before is the better time. */
const RENEW_AFTER_MS = 55 * 60_000;
/** A connection that lived this long may be lost without the call giving up on the model. */
const STEADY_AFTER_MS = 60_000;
const MAX_WAITING_ASKS = 20;
const LOST_WORDS = "The connection was interrupted and the caller's last words were lost. Ask them to say it again.";

export type RealtimeEndpoint = {
  readonly vendor: RealtimeVendor;
  /** Of the model, for errors: "openai/gpt-realtime". */
  readonly name: string;
  /** ws: or wss:, with the model in it. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Clock;
};

type Connection = {
  readonly stream: WebSocketStream;
  /** Samples of the call that came before its first. */
  readonly startSample: number;
  readonly resampler: Resampler;
  readonly knownCalls: Set<string>;
  readonly voiceId: string;
  openedAtMs: number | undefined;
  readyAtMs: number | undefined;
};

/** One call's model: a connection, and another one with what was said so far when it breaks or grows old. */
export class RealtimeCall implements SpeechToSpeechStream {
  readonly #endpoint: RealtimeEndpoint;
  readonly #options: SpeechToSpeechOptions;
  readonly #soFar: ConversationSoFar;
  readonly #utterances: Utterances;
  readonly #replies: Replies;
  readonly #cancelChecks: () => void;
  #brief: SpeechToSpeechBrief;
  #briefWaits = false;
  #connection: Connection;
  #pushed = 0;
  #isOver = false;
  #wasLost = false;
  /** The caller has spoken and nothing has come of it yet. */
  #owesReply = false;
  /** The last thing that the server complained of, should it hang up next. */
  #lastError: ServerError | undefined;

  constructor(endpoint: RealtimeEndpoint, options: SpeechToSpeechOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
    this.#brief = options.brief;
    this.#soFar = new ConversationSoFar(options.history ?? []);
    const report = (event: SpeechToSpeechEvent) => this.#report(event);
    this.#utterances = new Utterances({ report, soFar: this.#soFar });
    this.#replies = new Replies({
      vendor: endpoint.vendor,
      failures: { provider: endpoint.name },
      soFar: this.#soFar,
      send: (event) => this.#send(event),
      report,
      onCall: (callId) => this.#connection.knownCalls.add(callId),
      onIdle: () => this.#onIdle(),
    });
    this.#cancelChecks = endpoint.clock.every(CHECK_EVERY_MS, () => this.#check());
    this.#connection = this.#connect();
    this.#introduce();
  }

  push(frame: Samples): void {
    if (this.#isOver) return;
    this.#pushed += frame.length;
    const { resampler, stream } = this.#connection;
    const samples = resampler.push(frame);
    if (samples.length > 0) stream.send(appendAudio(toPcm(samples)));
  }

  ask({ askId, say }: { readonly askId: number; readonly say?: string }): void {
    if (this.#isOver) return;
    if (this.#replies.waitingAsks < MAX_WAITING_ASKS) return this.#replies.ask(askId, say, this.#nowMs);
    const error = this.#error("overloaded", `${MAX_WAITING_ASKS} replies are waited for already`);
    this.#endpoint.clock.after(0, () => this.#report({ type: "reply-failed", askId, error }));
  }

  tell(messages: readonly Message[]): void {
    if (this.#isOver) return;
    this.#soFar.add(messages);
    for (const event of toItems(messages, this.#connection.knownCalls)) this.#send(event);
  }

  cancel(replyId: string, heardMs: number): void {
    if (!this.#isOver) this.#replies.cancel(replyId, heardMs, this.#nowMs);
  }

  rebrief(brief: SpeechToSpeechBrief): void {
    if (this.#isOver) return;
    // A scene's voice may be another vendor's.
    const voiceId = this.#toVendorVoice(brief.voiceId) === undefined ? this.#brief.voiceId : brief.voiceId;
    const next = { ...brief, voiceId };
    if (JSON.stringify(next) === JSON.stringify(this.#brief)) return;
    this.#brief = next;
    this.#briefWaits = true;
    // Settings such as the speed can't be changed while it speaks.
    if (this.#replies.isIdle) this.#onIdle();
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelChecks();
    this.#connection.stream.close();
  }

  get #nowMs(): number {
    return this.#endpoint.clock.nowMs();
  }

  #connect(): Connection {
    const { vendor, name, url, headers, clock } = this.#endpoint;
    const connection: Connection = {
      stream: new WebSocketStream({
        provider: name,
        stage: "speech-to-speech",
        url,
        headers,
        clock,
        connectLimitMs: CONNECT_LIMIT_MS,
        onOpen: () => {
          connection.openedAtMs = this.#nowMs;
        },
        onMessage: (text) => {
          if (connection === this.#connection && !this.#isOver) this.#receive(text);
        },
        onFailed: (error) => {
          if (connection === this.#connection && !this.#isOver) this.#lost(error);
        },
      }),
      startSample: this.#pushed,
      resampler: new Resampler(ENGINE_RATE_HZ, vendor.sampleRateHz),
      knownCalls: new Set(),
      voiceId: this.#brief.voiceId,
      openedAtMs: undefined,
      readyAtMs: undefined,
    };
    return connection;
  }

  /** Tells a new connection what the agent is and what was said. */
  #introduce(): void {
    this.#briefWaits = false;
    this.#lastError = undefined;
    this.#sendBrief(true);
    for (const event of toItems(this.#soFar.messages(), this.#connection.knownCalls)) this.#send(event);
  }

  #sendBrief(withVoice: boolean): void {
    const voice = this.#toVendorVoice(this.#brief.voiceId);
    if (voice === undefined) {
      const problem = `there is no voice "${this.#brief.voiceId}"`;
      this.#endpoint.clock.after(0, () => this.#fail(this.#error("bad-request", problem)));
      return;
    }
    const { language, keyterms = [], turnDetection } = this.#options;
    const session = this.#endpoint.vendor.toSession({
      brief: this.#brief,
      voice: withVoice ? voice : undefined,
      language,
      keyterms,
      turnDetection,
    });
    this.#send({ type: "session.update", event_id: "session", session });
  }

  /** "openai:marin" is "marin" for OpenAI; voices made by customers are in no list. */
  #toVendorVoice(voiceId: string): string | undefined {
    const [owner, ...rest] = voiceId.split(":");
    if (rest.length === 0) return voiceId === "" ? undefined : voiceId;
    return owner === this.#endpoint.vendor.name && rest.join(":") !== "" ? rest.join(":") : undefined;
  }

  #send(event: ClientEvent): void {
    if (!this.#isOver) this.#connection.stream.send(JSON.stringify(event));
  }

  #report(event: SpeechToSpeechEvent): void {
    if (!this.#isOver) this.#options.onEvent(event);
  }

  #receive(text: string): void {
    let event: ServerEvent;
    try {
      event = parseServerEvent(text);
    } catch (cause) {
      if (!(cause instanceof BadServerEvent)) throw cause;
      return this.#lost(this.#error("bad-response", cause.message, cause));
    }
    const nowMs = this.#nowMs;
    if (isAnswer(event)) this.#ready(nowMs);
    switch (event.type) {
      case "speech-started":
        return this.#utterances.started(event.itemId, this.#startOf(event.startMs), nowMs);
      case "speech-stopped":
        this.#owesReply = true;
        return this.#utterances.ended(event.itemId, this.#endOf(event.endMs), nowMs);
      case "idle":
        return this.#utterances.idle(event.itemId);
      case "transcribed":
        return this.#utterances.words(event.itemId, event.text, this.#pushed, nowMs);
      case "error":
        return this.#complain(event.error, event.eventId);
      case "response-created":
        this.#owesReply = false;
        return this.#replies.receive(event, nowMs);
      default:
        return this.#replies.receive(event, nowMs);
    }
  }

  #ready(nowMs: number): void {
    if (this.#connection.readyAtMs !== undefined) return;
    this.#connection.readyAtMs = nowMs;
    this.#replies.ready(nowMs);
  }

  /** The vendor counts in the sound from before the speech, which is only there to be on the safe side. */
  #startOf(startMs: number | undefined): number {
    if (startMs === undefined) return this.#pushed;
    const paddingMs = this.#options.turnDetection?.prefixPaddingMs ?? this.#endpoint.vendor.defaultPaddingMs;
    return this.#toSample(startMs === 0 ? 0 : startMs + paddingMs);
  }

  /** The vendor counts in the silence that told it of the end. */
  #endOf(endMs: number | undefined): number {
    if (endMs === undefined) return this.#pushed;
    const silenceMs = this.#options.turnDetection?.silenceMs ?? this.#endpoint.vendor.defaultSilenceMs;
    return this.#toSample(Math.max(0, endMs - silenceMs));
  }

  #toSample(ms: number): number {
    return Math.min(this.#pushed, this.#connection.startSample + toSamples(ms));
  }

  /** Most complaints are about what came too late to matter. */
  #complain(error: ServerError, eventId: string | undefined): void {
    this.#lastError = error;
    if (error.code === "session_expired") return this.#lost(this.#error("unreachable", "the session expired"));
    const isAboutSettings =
      eventId === "session" || (eventId === undefined && this.#connection.readyAtMs === undefined);
    if (isAboutSettings) return this.#fail(serverFailure(error, { provider: this.#endpoint.name }));
    this.#replies.refuse(error, eventId, this.#nowMs);
  }

  #check(): void {
    const nowMs = this.#nowMs;
    const { openedAtMs, readyAtMs } = this.#connection;
    if (openedAtMs !== undefined && readyAtMs === undefined && nowMs >= openedAtMs + SETTINGS_LIMIT_MS) {
      return this.#fail(this.#error("timeout", "the settings of the session were not answered"));
    }
    this.#utterances.check(nowMs);
    this.#replies.check(nowMs);
  }

  /** Nothing is being said: the moment for other settings, or for a fresh connection. */
  #onIdle(): void {
    if (this.#isOver) return;
    const { openedAtMs, voiceId } = this.#connection;
    const isOld = openedAtMs !== undefined && this.#nowMs >= openedAtMs + RENEW_AFTER_MS;
    const needsVoice = voiceId !== this.#brief.voiceId && !this.#endpoint.vendor.canChangeVoice;
    if ((isOld || needsVoice) && this.#utterances.isSettled) return this.#renew();
    if (!this.#briefWaits) return;
    this.#briefWaits = false;
    this.#sendBrief(this.#endpoint.vendor.canChangeVoice);
  }

  /** Another connection in the place of this one, which goes on where it stood. */
  #renew(): void {
    const old = this.#connection;
    this.#replies.pause();
    this.#connection = this.#connect();
    old.stream.close();
    this.#introduce();
    this.#replies.resume(this.#nowMs);
  }

  #lost(error: ProviderError): void {
    const { openedAtMs, readyAtMs, stream } = this.#connection;
    const nowMs = this.#nowMs;
    const why = this.#whyLost(error);
    if (readyAtMs !== undefined && nowMs >= readyAtMs + STEADY_AFTER_MS) this.#wasLost = false;
    const isHopeless = openedAtMs === undefined || why.kind === "unauthorized" || why.kind === "bad-request";
    if (isHopeless || this.#wasLost) return this.#fail(why);
    this.#wasLost = true;
    stream.close();
    const owesReply = (this.#owesReply || this.#utterances.isOpen) && this.#replies.waitingAsks === 0;
    this.#owesReply = false;
    this.#replies.pause();
    const areWordsLost = this.#utterances.interrupt(this.#pushed, nowMs);
    this.#replies.interrupt(why);
    // What was reported may have had the call closed.
    if (this.#isOver) return;
    this.#connection = this.#connect();
    this.#introduce();
    if (areWordsLost) this.#send(systemItem(LOST_WORDS));
    if (owesReply) this.#replies.ask(undefined, undefined, nowMs);
    this.#replies.resume(nowMs);
  }

  /** A server that says what is wrong and hangs up is not out of reach. */
  #whyLost(error: ProviderError): ProviderError {
    if (error.kind !== "unreachable" || !this.#lastError) return error;
    const said = serverFailure(this.#lastError, { provider: this.#endpoint.name });
    return said.kind === "unauthorized" || said.kind === "rate-limited" ? said : error;
  }

  #fail(error: ProviderError): void {
    if (this.#isOver) return;
    this.#report({ type: "failed", error });
    this.close();
  }

  #error(kind: ProviderError["kind"], message: string, cause?: unknown): ProviderError {
    const { name } = this.#endpoint;
    return new ProviderError({
      provider: name,
      stage: "speech-to-speech",
      kind,
      message: `${name}: ${message}`,
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** Whether the server has taken the settings: some never say so, and go on. */
function isAnswer({ type }: ServerEvent): boolean {
  return type !== "session-created" && type !== "error" && type !== "other";
}

function toPcm(samples: Samples): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}
