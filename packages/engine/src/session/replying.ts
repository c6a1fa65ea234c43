/** Speaks one reply: words from the model, sentences to the voice, audio to the playout. */

import type { Effect } from "../conversation/effect.ts";
import type { Fact } from "../conversation/event.ts";
import type { ToolConduct } from "../conversation/tool-conduct.ts";
import type { ReplyPart, ReplyRequest } from "../models/language-model.ts";
import { ProviderError, type ProviderStage } from "../models/provider-error.ts";
import { joinSpoken, joinWritten, type SpeakableOptions, toSpeakable } from "../speakable/speakable.ts";
import { Bridging } from "./bridging.ts";
import type { CallPlan } from "./call-plan.ts";
import type { Cast } from "./casting.ts";
import type { Clock } from "./clock.ts";
import type { Voice } from "./ears-and-voice.ts";
import type { Playout } from "./playout.ts";
import { Repetition } from "./repetition.ts";
import type { Scene, SceneModels } from "./scene.ts";
import { SentenceQueue } from "./sentence-queue.ts";
import { SentenceSplitter } from "./sentences.ts";
import { firstVoice, Speaking, type SpeakingReply } from "./speaking.ts";
import { toModelError, withinLimit } from "./within-limit.ts";

/** A sentence is whole when the next one begins, or nothing has come for this long. */
const STALLED_AFTER_MS = 500;
/** A model that gives no part for this long has failed, unless it asks for more; providers have shorter limits. */
const TEXT_LIMIT_MS = 15_000;
/** The same where another model stands ready. */
const SHORT_TEXT_LIMIT_MS = 3_000;

type Active = SpeakingReply & {
  /** Its words were given with the order. */
  readonly isOrdered: boolean;
  readonly speakable: SpeakableOptions;
  failure?: Fact;
  /** Begun before the caller's turn was over: silent, and its tools wait. */
  isDraft: boolean;
  readonly waitingTools: Fact[];
  /** "One moment" was said, and nothing of the model since. */
  isFilled: boolean;
  /** There were words for the voice. */
  hasSentences: boolean;
};

type SpeechPlan = Pick<CallPlan, "language" | "pronunciations" | "rules">;

export class Replying implements Voice {
  readonly #playout: Playout;
  readonly #clock: Clock;
  readonly #post: (fact: Fact) => void;
  readonly #plan: SpeechPlan;
  readonly #conductOf: (tool: string) => ToolConduct | undefined;
  readonly #speaking: Speaking;
  readonly #bridging: Bridging;
  #active: Active | undefined;

  constructor(options: {
    plan: SpeechPlan;
    playout: Playout;
    clock: Clock;
    post: (fact: Fact) => void;
    conductOf?: (tool: string) => ToolConduct | undefined;
    /** What would be said now to bridge a pause, if anything. Default: nothing. */
    nextFiller?: () => string | undefined;
  }) {
    this.#plan = options.plan;
    this.#playout = options.playout;
    this.#clock = options.clock;
    this.#post = options.post;
    this.#conductOf = options.conductOf ?? (() => undefined);
    this.#speaking = new Speaking(options);
    this.#bridging = new Bridging({ nextFiller: () => undefined, ...options });
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

  /** Has something heard before what is not there yet. */
  bridge(effect: Effect & { type: "fill-pause" | "play-sound" }): void {
    if (effect.type === "play-sound") return this.#bridging.playSound();
    const active = this.#active;
    if (active?.replyId !== effect.replyId || active.controller.signal.aborted) return;
    active.isFilled = true;
    this.#bridging.fill(active, effect.text);
  }

  /** The playout has nothing more of it for now. */
  onQuiet(replyId: string, sinceMs: number): void {
    this.#post({ type: "reply-went-quiet", replyId, sinceMs });
    if (this.#active?.replyId === replyId) this.#bridging.prepare(this.#active);
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

  #begin(replyId: string, cast: Cast, isOrdered: boolean): Active {
    const { scene, models } = cast;
    const active: Active = {
      replyId,
      isOrdered,
      speakable: toSpeakableOptions(this.#plan, scene, models),
      controller: new AbortController(),
      cast,
      voice: firstVoice(cast),
      sentences: new SentenceQueue(),
      isDraft: false,
      waitingTools: [],
      isFilled: false,
      hasSentences: false,
      isSpeaking: false,
      hasAudio: false,
    };
    this.#active = active;
    return active;
  }

  #generate(active: Active, said: AsyncIterable<ReplyPart> | undefined, request: () => ReplyRequest): void {
    const parts = said ?? active.cast.models.languageModel.reply(request(), active.controller.signal);
    this.#run(active, parts).catch((error: unknown) => this.#fail(active, error));
    if (said === undefined)
      this.#clock.after(this.#plan.rules.fillPauseAfterMs / 2, () => this.#bridging.prepare(active));
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
    const [hasContent] = await Promise.all([reading, this.#speaking.speak(active)]);
    if (active.controller.signal.aborted) return;
    const { cast, voice } = active;
    if (!hasContent) throw toModelError(badBrain(cast.models.languageModel.name), "an empty reply");
    if (active.hasSentences && !active.hasAudio) throw toModelError(badVoice(voice.textToSpeech.name), "no sound");
    this.#playout.finish(active.replyId);
  }

  /** Reads the model's stream; resolves to whether there was anything in it. */
  async #read(active: Active, parts: AsyncIterable<ReplyPart>): Promise<boolean> {
    const { replyId, controller } = active;
    const splitter = new SentenceSplitter(this.#plan.language);
    const { name: provider } = active.cast.models.languageModel;
    const limitMs = () => toTextLimit(active.cast);
    const repetition = new Repetition();
    const say = (sentences: readonly string[]): boolean => {
      const loop = sentences.findIndex((sentence) => repetition.isLoop(sentence));
      const hasWords = this.#addSentences(active, loop < 0 ? sentences : sentences.slice(0, loop));
      if (loop >= 0) throw toModelError(badBrain(provider), "the same words over and over");
      return hasWords;
    };
    let hasText = false;
    // Emoji alone are no answer of a model; what was ordered is said as far as it can be.
    let hasContent = active.isOrdered;
    let cancelFlush = () => {};
    for await (const part of withinLimit(parts, this.#clock, { limitMs, provider, stage: "language-model" })) {
      cancelFlush();
      if (controller.signal.aborted) return true;
      if (part.type !== "text") {
        hasContent ||= part.type !== "usage";
        // What introduces a tool is said before it is asked for.
        if (part.type === "tool-call") say(splitter.flush());
        this.#requestTool(active, part);
      } else if (part.isFiller && active.isFilled) {
        active.isFilled = false;
        hasContent = true;
      } else if (part.text !== "") {
        active.isFilled = false;
        if (!hasText) this.#post({ type: "reply-text-started", replyId });
        hasText = true;
        hasContent = say(splitter.push(part.text)) || hasContent;
        cancelFlush = this.#clock.after(STALLED_AFTER_MS, () => {
          hasContent = this.#addSentences(active, splitter.flushComplete()) || hasContent;
        });
      }
    }
    cancelFlush();
    if (controller.signal.aborted) return hasContent;
    return say(splitter.flush()) || hasContent;
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
  #addSentences(active: Active, texts: readonly string[]): boolean {
    const { replyId, sentences, speakable } = active;
    let hasWords = false;
    for (const text of texts) {
      const pieces = toSpeakable(text, speakable);
      if (joinSpoken(pieces) === "") continue;
      hasWords = true;
      const written = joinWritten(pieces);
      if (written !== "") this.#post({ type: "reply-sentence", replyId, text: written });
      active.hasSentences ||= written !== "";
      sentences.push(pieces);
    }
    return hasWords;
  }

  #fail(active: Active, error: unknown): void {
    if (active.controller.signal.aborted || this.#active !== active) return;
    const known = error instanceof ProviderError ? error : undefined;
    active.failure = {
      type: "reply-failed",
      replyId: active.replyId,
      provider: known?.provider ?? active.cast.models.languageModel.name,
      stage: known?.stage ?? "language-model",
      kind: known?.kind ?? "internal",
      message: error instanceof Error ? error.message : String(error),
      isRetryable: (known?.isRetryable ?? false) || this.#hasUnderstudy(active, known?.stage),
    };
    if (known?.kind === "timeout" && known.stage === "language-model") active.cast.rest("languageModel");
    if (active.isDraft) {
      this.dropDraft(active.replyId);
      this.#post(active.failure);
      return;
    }
    // What was spoken before the failure is heard first; then the failure is told.
    active.controller.abort();
    this.#playout.breakOff(active.replyId);
  }

  #hasUnderstudy({ cast: { understudy } }: Active, stage: ProviderStage = "language-model"): boolean {
    return (stage === "text-to-speech" ? understudy.textToSpeech : understudy.languageModel) !== undefined;
  }
}

function toTextLimit({ models, understudy }: Cast): number {
  const limitMs = understudy.languageModel === undefined ? TEXT_LIMIT_MS : SHORT_TEXT_LIMIT_MS;
  return models.languageModel.partLimitMs ?? limitMs;
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

function badBrain(provider: string) {
  return { provider, stage: "language-model", kind: "bad-response" } as const;
}

function badVoice(provider: string) {
  return { provider, stage: "text-to-speech", kind: "bad-response" } as const;
}
