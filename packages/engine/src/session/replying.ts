/** Speaks one reply: words from the model, sentences to the voice, audio to the playout. */

import type { Effect } from "../conversation/effect.ts";
import type { Fact } from "../conversation/event.ts";
import type { ToolConduct } from "../conversation/tool-conduct.ts";
import type { ReplyPart, ReplyRequest } from "../models/language-model.ts";
import { ProviderError } from "../models/provider-error.ts";
import type { SpeechChunk } from "../models/text-to-speech.ts";
import { joinSpoken, joinWritten, type SpeakableOptions, toSpeakable } from "../speakable/speakable.ts";
import type { CallPlan } from "./call-plan.ts";
import type { Cast } from "./casting.ts";
import type { Clock } from "./clock.ts";
import type { Playout } from "./playout.ts";
import type { Scene, SceneModels } from "./scene.ts";
import { SentenceQueue } from "./sentence-queue.ts";
import { SentenceSplitter } from "./sentences.ts";

/** Synthesis stops when this much waits to be played: a reply cut short costs no more than that. */
const MAX_AHEAD_MS = 8_000;
/** A voice that gives no audio for this long has failed. */
const AUDIO_LIMIT_MS = 5_000;
/** A model that gives no part for this long has failed, unless it asks for more; providers have shorter limits. */
const TEXT_LIMIT_MS = 15_000;

type Active = {
  readonly replyId: string;
  /** Its words were given with the order. */
  readonly isOrdered: boolean;
  readonly speakable: SpeakableOptions;
  readonly controller: AbortController;
  readonly scene: Scene;
  readonly models: SceneModels;
  readonly hasUnderstudy: boolean;
  readonly sentences: SentenceQueue;
  failure?: Fact;
  /** Begun before the caller's turn was over: silent, and its tools wait. */
  isDraft: boolean;
  readonly waitingTools: Fact[];
  /** "One moment" was said, and nothing of the model since. */
  isFilled: boolean;
};

type SpeechPlan = Pick<CallPlan, "language" | "pronunciations">;

export class Replying {
  readonly #playout: Playout;
  readonly #clock: Clock;
  readonly #post: (fact: Fact) => void;
  readonly #plan: SpeechPlan;
  readonly #conductOf: (tool: string) => ToolConduct | undefined;
  #active: Active | undefined;

  constructor(options: {
    plan: SpeechPlan;
    playout: Playout;
    clock: Clock;
    post: (fact: Fact) => void;
    conductOf?: (tool: string) => ToolConduct | undefined;
  }) {
    this.#plan = options.plan;
    this.#playout = options.playout;
    this.#clock = options.clock;
    this.#post = options.post;
    this.#conductOf = options.conductOf ?? (() => undefined);
  }

  get isActive(): boolean {
    return this.#active !== undefined;
  }

  /** The reply keeps its scene, whatever comes after. `request` is made only when the model is asked. */
  start(effect: Effect & { type: "start-reply" }, casting: Cast & { request: () => ReplyRequest }): void {
    if (effect.isDrafted) return this.#release(effect.replyId);
    const active = this.#begin(effect.replyId, casting, effect.say !== undefined);
    this.#playout.begin(effect.replyId);
    this.#generate(active, effect.say === undefined ? undefined : sayOnly(effect.say), casting.request);
  }

  /** Begins a reply that nobody hears, and whose tools don't run, until it is started. */
  draft({ replyId }: Effect & { type: "draft-reply" }, casting: Cast & { request: () => ReplyRequest }): void {
    const active = this.#begin(replyId, casting, false);
    active.isDraft = true;
    this.#playout.begin(replyId, { isHeld: true });
    this.#generate(active, undefined, casting.request);
  }

  dropDraft(replyId: string): void {
    const active = this.#take(replyId);
    active?.controller.abort();
    this.#playout.drop(replyId);
  }

  /** Says `text` before what the model will give. */
  fill({ replyId, text }: Effect & { type: "fill-pause" }): void {
    const active = this.#active;
    if (active?.replyId !== replyId || active.controller.signal.aborted) return;
    active.isFilled = true;
    this.#addSentences(active, [text]);
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

  #begin(replyId: string, { scene, models, hasUnderstudy }: Cast, isOrdered: boolean): Active {
    const active: Active = {
      replyId,
      isOrdered,
      speakable: toSpeakableOptions(this.#plan, scene, models),
      controller: new AbortController(),
      scene,
      models,
      hasUnderstudy,
      sentences: new SentenceQueue(),
      isDraft: false,
      waitingTools: [],
      isFilled: false,
    };
    this.#active = active;
    return active;
  }

  #generate(active: Active, said: AsyncIterable<ReplyPart> | undefined, request: () => ReplyRequest): void {
    const parts = said ?? active.models.languageModel.reply(request(), active.controller.signal);
    this.#run(active, parts).catch((error: unknown) => this.#fail(active, error));
  }

  #release(replyId: string): void {
    const active = this.#active;
    if (active?.replyId !== replyId) return;
    active.isDraft = false;
    for (const asked of active.waitingTools.splice(0)) this.#post(asked);
    this.#playout.release(replyId);
  }

  #take(replyId: string): Active | undefined {
    const active = this.#active;
    if (active?.replyId !== replyId) return undefined;
    this.#active = undefined;
    return active;
  }

  async #run(active: Active, parts: AsyncIterable<ReplyPart>): Promise<void> {
    const reading = this.#read(active, parts).finally(() => active.sentences.end());
    const [hasContent] = await Promise.all([reading, this.#speak(active)]);
    if (active.controller.signal.aborted) return;
    if (!hasContent)
      throw this.#error(active.models.languageModel.name, "language-model", "bad-response", "an empty reply");
    this.#playout.finish(active.replyId);
  }

  /** Reads the model's stream; resolves to whether there was anything in it. */
  async #read(active: Active, parts: AsyncIterable<ReplyPart>): Promise<boolean> {
    const { replyId, controller } = active;
    const splitter = new SentenceSplitter(this.#plan.language);
    const { name, partLimitMs: limitMs = TEXT_LIMIT_MS } = active.models.languageModel;
    let hasText = false;
    // Emoji alone are no answer of a model; what was ordered is said as far as it can be.
    let hasContent = active.isOrdered;
    for await (const part of this.#within(parts, limitMs, name, "language-model")) {
      if (controller.signal.aborted) return true;
      if (part.type !== "text") {
        hasContent ||= part.type !== "usage";
        // What introduces a tool is said before it is asked for.
        if (part.type === "tool-call") this.#addSentences(active, splitter.flush());
        this.#requestTool(active, part);
      } else if (part.isFiller && active.isFilled) {
        active.isFilled = false;
        hasContent = true;
      } else if (part.text !== "") {
        active.isFilled = false;
        if (!hasText) this.#post({ type: "reply-text-started", replyId });
        hasText = true;
        hasContent = this.#addSentences(active, splitter.push(part.text)) || hasContent;
      }
    }
    if (controller.signal.aborted) return hasContent;
    return this.#addSentences(active, splitter.flush()) || hasContent;
  }

  #requestTool({ replyId, isDraft, waitingTools }: Active, part: ReplyPart): void {
    if (part.type !== "tool-call") return;
    const { id, name, arguments: args } = part.call;
    const conduct = this.#conductOf(name);
    const asked: Fact = {
      type: "tool-requested",
      ...{ replyId, toolCallId: id, name, arguments: args },
      ...(conduct === undefined ? {} : { conduct }),
    };
    if (isDraft) waitingTools.push(asked);
    else this.#post(asked);
  }

  /** The history gets the words, the voice how they are said. False when there is nothing to say. */
  #addSentences({ replyId, sentences, speakable }: Active, texts: readonly string[]): boolean {
    let hasWords = false;
    for (const text of texts) {
      const pieces = toSpeakable(text, speakable);
      if (joinSpoken(pieces) === "") continue;
      hasWords = true;
      const written = joinWritten(pieces);
      if (written !== "") this.#post({ type: "reply-sentence", replyId, text: written });
      sentences.push(pieces);
    }
    return hasWords;
  }

  async #speak(active: Active): Promise<void> {
    const { replyId, controller } = active;
    const { signal } = controller;
    const { voiceId, speed } = active.scene;
    const { textToSpeech } = active.models;
    let isFirst = true;
    for await (const pieces of active.sentences) {
      await this.#untilNeeded(signal);
      if (signal.aborted) return;
      this.#playout.beginSentence(replyId, pieces);
      const text = joinSpoken(pieces);
      const chunks = textToSpeech.speak({ text, voiceId, speed }, signal);
      for await (const chunk of this.#within<SpeechChunk>(
        chunks,
        AUDIO_LIMIT_MS,
        textToSpeech.name,
        "text-to-speech",
      )) {
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
      provider: known?.provider ?? active.models.languageModel.name,
      stage: known?.stage ?? "language-model",
      kind: known?.kind ?? "internal",
      message: error instanceof Error ? error.message : String(error),
      isRetryable: active.hasUnderstudy || (known?.isRetryable ?? false),
    };
    if (active.isDraft) {
      this.dropDraft(active.replyId);
      this.#post(active.failure);
      return;
    }
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

function toSpeakableOptions(plan: SpeechPlan, scene: Scene, { textToSpeech }: SceneModels): SpeakableOptions {
  const { language, pronunciations } = plan;
  const voice = textToSpeech.voices().find(({ id }) => id === scene.voiceId);
  return {
    // A voice says numbers in its own language where any is spoken.
    language: language === "multi" ? (voice?.language ?? language) : language,
    audioTags: voice?.audioTags === true ? "keep" : "strip",
    ...(pronunciations === undefined ? {} : { pronunciations }),
  };
}

async function* sayOnly(text: string): AsyncGenerator<ReplyPart> {
  // The line break ends its last sentence too: all are known at once, however soon it is cut off.
  yield { type: "text", text: `${text}\n` };
}
