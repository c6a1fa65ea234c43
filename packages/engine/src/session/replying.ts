/** Speaks one reply: words from the model, sentences to the voice, audio to the playout. */

import type { Effect } from "../conversation/effect.ts";
import type { Fact } from "../conversation/event.ts";
import type { LanguageModel, ReplyPart, ReplyRequest } from "../models/language-model.ts";
import { ProviderError } from "../models/provider-error.ts";
import type { SpeechChunk, TextToSpeech } from "../models/text-to-speech.ts";
import type { CallPlan } from "./call-plan.ts";
import type { Clock } from "./clock.ts";
import type { Playout } from "./playout.ts";
import { SentenceQueue } from "./sentence-queue.ts";
import { SentenceSplitter } from "./sentences.ts";

/** Synthesis stops when this much waits to be played: a reply cut short costs no more than that. */
const MAX_AHEAD_MS = 8_000;
/** A voice that gives no audio for this long has failed. */
const AUDIO_LIMIT_MS = 5_000;
/** A model that gives no part for this long has failed, unless it asks for more; providers have shorter limits. */
const TEXT_LIMIT_MS = 15_000;

type Active = { readonly replyId: string; readonly controller: AbortController; failure?: Fact };

export class Replying {
  readonly #plan: CallPlan;
  readonly #languageModel: LanguageModel;
  readonly #textToSpeech: TextToSpeech;
  readonly #playout: Playout;
  readonly #clock: Clock;
  readonly #post: (fact: Fact) => void;
  #active: Active | undefined;

  constructor(options: {
    plan: CallPlan;
    languageModel: LanguageModel;
    textToSpeech: TextToSpeech;
    playout: Playout;
    clock: Clock;
    post: (fact: Fact) => void;
  }) {
    this.#plan = options.plan;
    this.#languageModel = options.languageModel;
    this.#textToSpeech = options.textToSpeech;
    this.#playout = options.playout;
    this.#clock = options.clock;
    this.#post = options.post;
  }

  get isActive(): boolean {
    return this.#active !== undefined;
  }

  /** `request` is made only when the model is asked. */
  start(effect: Effect & { type: "start-reply" }, request: () => ReplyRequest): void {
    const active: Active = { replyId: effect.replyId, controller: new AbortController() };
    this.#active = active;
    this.#playout.begin(effect.replyId);
    const parts = effect.say === undefined ? undefined : sayOnly(effect.say);
    this.#run(active, parts ?? this.#languageModel.reply(request(), active.controller.signal)).catch((error: unknown) =>
      this.#fail(active, error),
    );
  }

  /** `reply-cancelled` follows through the playout. */
  cancel(replyId: string): void {
    if (this.#active?.replyId !== replyId) return;
    this.#active.controller.abort();
    this.#playout.cancel(replyId);
  }

  /** The playout has played all it was given. */
  onPlayed(replyId: string): void {
    const active = this.#take(replyId);
    if (active) this.#post(active.failure ?? { type: "reply-ended", replyId });
  }

  onCancelled(replyId: string): void {
    if (this.#take(replyId)) this.#post({ type: "reply-cancelled", replyId });
  }

  close(): void {
    this.#active?.controller.abort();
    this.#active = undefined;
  }

  #take(replyId: string): Active | undefined {
    const active = this.#active;
    if (active?.replyId !== replyId) return undefined;
    this.#active = undefined;
    return active;
  }

  async #run(active: Active, parts: AsyncIterable<ReplyPart>): Promise<void> {
    const sentences = new SentenceQueue();
    const reading = this.#read(active, parts, sentences).finally(() => sentences.end());
    const [hasContent] = await Promise.all([reading, this.#speak(active, sentences)]);
    if (active.controller.signal.aborted) return;
    if (!hasContent) throw this.#error(this.#languageModel.name, "language-model", "bad-response", "an empty reply");
    this.#playout.finish(active.replyId);
  }

  /** Reads the model's stream; resolves to whether there was anything in it. */
  async #read(active: Active, parts: AsyncIterable<ReplyPart>, sentences: SentenceQueue): Promise<boolean> {
    const { replyId, controller } = active;
    const splitter = new SentenceSplitter();
    const name = this.#languageModel.name;
    const limitMs = this.#languageModel.partLimitMs ?? TEXT_LIMIT_MS;
    let hasText = false;
    let hasOther = false;
    for await (const part of this.#within(parts, limitMs, name, "language-model")) {
      if (controller.signal.aborted) return true;
      if (part.type !== "text") {
        hasOther ||= part.type !== "usage";
        this.#requestTool(replyId, part);
      } else if (part.text !== "") {
        if (!hasText) this.#post({ type: "reply-text-started", replyId });
        hasText = true;
        for (const sentence of splitter.push(part.text)) this.#addSentence(replyId, sentence, sentences);
      }
    }
    if (!controller.signal.aborted)
      for (const sentence of splitter.flush()) this.#addSentence(replyId, sentence, sentences);
    return hasText || hasOther;
  }

  #requestTool(replyId: string, part: ReplyPart): void {
    if (part.type !== "tool-call") return;
    const { id, name, arguments: args } = part.call;
    this.#post({ type: "tool-requested", replyId, toolCallId: id, name, arguments: args });
  }

  #addSentence(replyId: string, text: string, sentences: SentenceQueue): void {
    this.#post({ type: "reply-sentence", replyId, text });
    sentences.push(text);
  }

  async #speak(active: Active, sentences: SentenceQueue): Promise<void> {
    const { replyId, controller } = active;
    const { signal } = controller;
    const { voiceId, speed } = this.#plan;
    const name = this.#textToSpeech.name;
    let isFirst = true;
    for await (const text of sentences) {
      await this.#untilNeeded(signal);
      if (signal.aborted) return;
      this.#playout.beginSentence(replyId, text);
      const chunks = this.#textToSpeech.speak({ text, voiceId, speed }, signal);
      for await (const chunk of this.#within<SpeechChunk>(chunks, AUDIO_LIMIT_MS, name, "text-to-speech")) {
        if (signal.aborted) return;
        if (isFirst) this.#post({ type: "reply-audio-ready", replyId });
        isFirst = false;
        this.#playout.enqueue(replyId, chunk.samples, chunk.words);
      }
      this.#playout.endSentence(replyId);
    }
  }

  /** Waits while enough audio is ready. */
  async #untilNeeded(signal: AbortSignal): Promise<void> {
    while (this.#playout.aheadMs > MAX_AHEAD_MS && !signal.aborted)
      await new Promise<void>((resolve) => this.#clock.after(200, resolve));
  }

  #fail(active: Active, error: unknown): void {
    if (active.controller.signal.aborted || this.#active !== active) return;
    const known = error instanceof ProviderError ? error : undefined;
    active.failure = {
      type: "reply-failed",
      replyId: active.replyId,
      provider: known?.provider ?? this.#languageModel.name,
      stage: known?.stage ?? "language-model",
      kind: known?.kind ?? "internal",
      message: error instanceof Error ? error.message : String(error),
      isRetryable: known?.isRetryable ?? false,
    };
    // What was spoken before the failure is heard first; then the failure is told.
    active.controller.abort();
    this.#playout.breakOff(active.replyId);
  }

  /** The stream with a limit on each wait, and the clock kept to real time meanwhile. */
  async *#within<T>(
    stream: AsyncIterable<T>,
    limitMs: number,
    provider: string,
    stage: "language-model" | "text-to-speech",
  ): AsyncGenerator<T> {
    const iterator = stream[Symbol.asyncIterator]();
    try {
      for (;;) {
        const workDone = this.#clock.working();
        const timeout = Promise.withResolvers<never>();
        const cancel = this.#clock.after(limitMs, () =>
          timeout.reject(this.#error(provider, stage, "timeout", `nothing for ${limitMs / 1000} seconds`)),
        );
        const next = await Promise.race([iterator.next(), timeout.promise]).finally(() => {
          cancel();
          workDone();
        });
        if (next.done) return;
        yield next.value;
      }
    } finally {
      // A stalled iterator must not hold up whoever gives it up.
      iterator.return?.()?.catch(() => {});
    }
  }

  #error(
    provider: string,
    stage: "language-model" | "text-to-speech",
    kind: "timeout" | "bad-response",
    what: string,
  ): ProviderError {
    return new ProviderError({ provider, stage, kind, message: `${provider} gave ${what}`, isRetryable: true });
  }
}

async function* sayOnly(text: string): AsyncGenerator<ReplyPart> {
  yield { type: "text", text };
}
