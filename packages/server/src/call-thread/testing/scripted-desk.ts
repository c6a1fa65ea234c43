/** A call desk with scripted models, as the main thread sees it. */

import {
  type Clock,
  type Denoiser,
  FRAME_SAMPLES,
  type JournalEntry,
  type LanguageModel,
  type Samples,
  SystemClock,
} from "@earshot/engine";
import {
  ScriptedLanguageModel,
  type ScriptedReply,
  ScriptedSpeechToText,
  ScriptedTextToSpeech,
  ScriptedVoiceActivity,
  toFrames,
} from "@earshot/engine/testing";
import { onTestFinished } from "vitest";
import { type NewAgent, newAgentShape } from "../../agents/agent.ts";
import type { Call } from "../../calls/call.ts";
import type { CallReservation } from "../../calls/call-control.ts";
import { CallDesk } from "../call-desk.ts";
import type { RealtimeModels } from "../load-realtime-models.ts";
import type { FromCallThread, ToCallThread } from "../messages.ts";
import { voiceTurnSenders } from "../voice-turn-senders.ts";

export type DeskScript = {
  /** Default: real time. */
  readonly clock?: Clock;
  /** What the callers of each call are understood to say. */
  readonly texts?: readonly string[];
  /** By the name of the language model; "" is the default one. */
  readonly replies?: Readonly<Record<string, readonly ScriptedReply[]>>;
  /** Default: none. */
  readonly realtimeModels?: RealtimeModels;
  /** Models that aren't scripted, by name. */
  readonly realModels?: Readonly<Record<string, LanguageModel>>;
  /** Told of everything that the desk sends. */
  readonly onMessage?: (message: FromCallThread) => void;
};

export class ScriptedDesk {
  readonly desk: CallDesk;
  readonly sent: FromCallThread[] = [];
  readonly models: Readonly<Record<string, ScriptedLanguageModel>>;
  readonly #waiting = new Set<() => void>();
  readonly #speech: Samples[] = [];
  readonly #onMessage: DeskScript["onMessage"];
  #orderId = 0;

  constructor({
    clock = new SystemClock(),
    texts = [],
    replies = { "": ["Okay."] },
    realModels = {},
    realtimeModels,
    onMessage,
  }: DeskScript = {}) {
    this.#onMessage = onMessage;
    const quick = { clock, firstTokenMs: 1 };
    this.models = Object.fromEntries(
      Object.entries(replies).map(([name, script]) => [name, new ScriptedLanguageModel({ ...quick, replies: script })]),
    );
    this.desk = new CallDesk({
      data: {
        dataDirectory: "/nowhere",
        allowPrivateUrls: ["127.0.0.0/8"],
        webhookSecret: undefined,
      },
      clock,
      speech: {
        voiceActivity: new ScriptedVoiceActivity(),
        speechToText: new ScriptedSpeechToText({ texts, clock, delayMs: 1 }),
        textToSpeech: new ScriptedTextToSpeech({ clock, delayMs: 1, wordMs: 200 }),
        denoisers: { light: NO_DENOISER, strong: NO_DENOISER },
        local: { speechToText: [], textToSpeech: [] },
      },
      languageModels: {
        get: (name) => realModels[name ?? ""] ?? this.#model(name),
        fallbackOf: (_name, wanted) => (wanted === undefined ? undefined : this.#model(wanted)),
      },
      ...(realtimeModels ? { realtimeModels } : {}),
      voiceTurnSenders,
      send: (message) => this.#receive(message),
    });
  }

  /** Reserves a call whose agent isn't recorded and greets nobody unless told otherwise. It ends with its test. */
  reserve(callId: string, agent: object = {}, more: Partial<CallReservation> & { pace?: "real" | "fast" } = {}): void {
    const { pace = "fast", ...rest } = more;
    const call = { id: callId, pace, variables: {}, metadata: {}, status: "created" } as unknown as Call;
    this.desk.receive({ type: "reserve", reservation: { call, agent: this.agent(agent), ...rest } });
    onTestFinished(() => this.desk.receive({ type: "end", callId, reason: "api-request" }));
  }

  agent(agent: object): NewAgent {
    return newAgentShape.parse({ name: "Ada", greeting: { mode: "off" }, isRecorded: false, ...agent });
  }

  /** Connects a client that answers each frame with the next of what it was told to say, or with silence. */
  attach(callId: string): void {
    this.desk.receive({ type: "attach", callId, wireId: 1 });
  }

  say(samples: Samples): void {
    this.#speech.push(...toFrames(samples));
  }

  /** The answer to an order. */
  async order(callId: string, order: (ToCallThread & { type: "order" })["order"]): Promise<boolean> {
    const orderId = ++this.#orderId;
    this.desk.receive({ type: "order", orderId, callId, order });
    return (await this.until("obeyed", (message) => message.orderId === orderId)).isObeyed;
  }

  async bridge(callIdA: string, callIdB: string): Promise<boolean> {
    const orderId = ++this.#orderId;
    this.desk.receive({ type: "bridge", orderId, callIds: [callIdA, callIdB] });
    return (await this.until("obeyed", (message) => message.orderId === orderId)).isObeyed;
  }

  /** Facts that were stored of a call. */
  entries(callId: string): JournalEntry[] {
    return this.sent.flatMap((message) =>
      message.type === "journal" && message.callId === callId ? message.entries : [],
    );
  }

  /** What the agent was heard to say. */
  heard(callId: string): string {
    return this.entries(callId)
      .flatMap(({ event }) => (event.type === "reply-heard" ? [event.text] : []))
      .join(" ");
  }

  untilFact(callId: string, type: JournalEntry["event"]["type"]): Promise<unknown> {
    return this.until(
      "journal",
      (batch) => batch.callId === callId && batch.entries.some(({ event }) => event.type === type),
    );
  }

  async until<Type extends FromCallThread["type"]>(
    type: Type,
    matches: (message: FromCallThread & { type: Type }) => boolean = () => true,
  ): Promise<FromCallThread & { type: Type }> {
    for (;;) {
      const found = this.sent.find(
        (message): message is FromCallThread & { type: Type } =>
          message.type === type && matches(message as FromCallThread & { type: Type }),
      );
      if (found) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #model(name: string | undefined): LanguageModel {
    const model = this.models[name ?? ""];
    if (!model) throw new Error(`no script for the language model "${name}"`);
    return model;
  }

  #receive(message: FromCallThread): void {
    this.sent.push(message);
    this.#onMessage?.(message);
    if (message.type === "journal")
      queueMicrotask(() => this.desk.receive({ type: "stored", batchId: message.batchId }));
    if (message.type === "audio") setImmediate(() => this.#answerFrame(message));
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  #answerFrame({ callId, wireId }: FromCallThread & { type: "audio" }): void {
    const samples = this.#speech.shift() ?? new Int16Array(FRAME_SAMPLES);
    this.desk.receive({ type: "audio", callId, wireId, samples });
  }
}

const NO_DENOISER: Denoiser = {
  name: "none",
  open: () => ({ push: (frame, done) => done(frame), delayMs: 0, close: () => {} }),
};
