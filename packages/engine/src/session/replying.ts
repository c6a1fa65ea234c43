/** Speaks one reply: words from the model, sentences to the voice, audio to the playout. */

import type { Effect } from "../conversation/effect.ts";
import type { Fact } from "../conversation/event.ts";
import type { ToolConduct } from "../conversation/tool-conduct.ts";
import type { ReplyPart, ReplyRequest } from "../models/language-model.ts";
import { ProviderError, type ProviderStage } from "../models/provider-error.ts";
import type { SpeechChunk, TextToSpeech } from "../models/text-to-speech.ts";
import {
  joinSpoken,
  joinWritten,
  type SpeakableOptions,
  type SpokenPiece,
  toSpeakable,
} from "../speakable/speakable.ts";
import type { CallPlan } from "./call-plan.ts";
import { type Cast, withVoiceOf } from "./casting.ts";
import type { Clock } from "./clock.ts";
import type { Voice as Speaking } from "./ears-and-voice.ts";
import type { Playout } from "./playout.ts";
import { Repetition } from "./repetition.ts";
import type { Scene, SceneModels } from "./scene.ts";
import { SentenceQueue } from "./sentence-queue.ts";
import { SentenceSplitter } from "./sentences.ts";
import { toModelError, withinLimit } from "./within-limit.ts";

/** Synthesis stops when this much waits to be played: a reply cut short costs no more than that. */
const MAX_AHEAD_MS = 8_000;
/** A voice that leaves the caller in silence for this long has failed. */
const AUDIO_LIMIT_MS = 5_000;
/** The same where another voice stands ready, unless the voice asks for more. */
const SHORT_AUDIO_LIMIT_MS = 1_500;
/** A sentence is whole when the next one begins, or nothing has come for this long. */
const STALLED_AFTER_MS = 500;
/** A model that gives no part for this long has failed, unless it asks for more; providers have shorter limits. */
const TEXT_LIMIT_MS = 15_000;
/** The same where another model stands ready. */
const SHORT_TEXT_LIMIT_MS = 4_000;

type Active = {
  readonly replyId: string;
  /** Its words were given with the order. */
  readonly isOrdered: boolean;
  readonly speakable: SpeakableOptions;
  readonly controller: AbortController;
  readonly cast: Cast;
  voice: Voice;
  readonly sentences: SentenceQueue;
  failure?: Fact;
  /** Begun before the caller's turn was over: silent, and its tools wait. */
  isDraft: boolean;
  readonly waitingTools: Fact[];
  /** "One moment" was said, and nothing of the model since. */
  isFilled: boolean;
  /** There were words for the voice. */
  hasSentences: boolean;
  hasAudio: boolean;
};

/** Who speaks a reply's sentences, and who goes on if that fails. */
type Voice = {
  readonly textToSpeech: TextToSpeech;
  readonly scene: Scene;
  readonly next: "other" | "again" | "nobody";
};

type SpeechPlan = Pick<CallPlan, "language" | "pronunciations">;

export class Replying implements Speaking {
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
    this.#addSentences(active, [text], { isFiller: true });
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
    const { scene, models, understudy } = cast;
    const active: Active = {
      replyId,
      isOrdered,
      speakable: toSpeakableOptions(this.#plan, scene, models),
      controller: new AbortController(),
      cast,
      voice: { textToSpeech: models.textToSpeech, scene, next: understudy.textToSpeech ? "other" : "again" },
      sentences: new SentenceQueue(),
      isDraft: false,
      waitingTools: [],
      isFilled: false,
      hasSentences: false,
      hasAudio: false,
    };
    this.#active = active;
    return active;
  }

  #generate(active: Active, said: AsyncIterable<ReplyPart> | undefined, request: () => ReplyRequest): void {
    const parts = said ?? active.cast.models.languageModel.reply(request(), active.controller.signal);
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
  #addSentences(active: Active, texts: readonly string[], mark: { isFiller?: true } = {}): boolean {
    const { replyId, sentences, speakable } = active;
    let hasWords = false;
    for (const text of texts) {
      const pieces = toSpeakable(text, speakable);
      if (joinSpoken(pieces) === "") continue;
      hasWords = true;
      const written = joinWritten(pieces);
      if (written !== "") this.#post({ type: "reply-sentence", replyId, text: written, ...mark });
      active.hasSentences ||= written !== "";
      sentences.push(pieces);
    }
    return hasWords;
  }

  async #speak(active: Active): Promise<void> {
    const { signal } = active.controller;
    for await (const pieces of active.sentences) {
      await this.#untilNeeded(signal);
      let rest = pieces;
      while (rest.length > 0 && !signal.aborted)
        rest = await this.#speakSentence(active, rest).catch((error: unknown) => this.#passOn(active, error));
    }
  }

  /** @returns what is still to be said: nothing */
  async #speakSentence(active: Active, pieces: readonly SpokenPiece[]): Promise<readonly SpokenPiece[]> {
    const { replyId, controller, voice } = active;
    const { textToSpeech, scene } = voice;
    this.#playout.beginSentence(replyId, pieces);
    const request = { text: joinSpoken(pieces), voiceId: scene.voiceId, speed: scene.speed };
    const chunks = textToSpeech.speak(request, controller.signal);
    const limitMs = () => this.#playout.aheadMs + toAudioLimit(voice);
    const limit = { limitMs, provider: textToSpeech.name, stage: "text-to-speech" } as const;
    for await (const chunk of withinLimit<SpeechChunk>(chunks, this.#clock, limit)) {
      if (controller.signal.aborted) return [];
      if (!active.hasAudio) this.#post({ type: "reply-audio-ready", replyId });
      active.hasAudio = true;
      this.#playout.enqueue(replyId, chunk.samples, chunk.words);
    }
    // Stopped on the way: what of it was heard is known by its words' times alone.
    if (!controller.signal.aborted) this.#playout.endSentence(replyId);
    return [];
  }

  /** A voice has failed: another one goes on where it stopped. @returns what is still to be said */
  #passOn(active: Active, error: unknown): readonly SpokenPiece[] {
    const { replyId, voice, cast, controller } = active;
    const isWorthATry = voice.next === "other" || (error instanceof ProviderError && isPassing(error));
    if (controller.signal.aborted || voice.next === "nobody" || !isWorthATry) throw error;
    const other = (voice.next === "other" ? cast.understudy.textToSpeech : undefined) ?? voice.textToSpeech;
    if (voice.next === "other") cast.rest("textToSpeech");
    active.voice = { textToSpeech: other, scene: withVoiceOf(other, voice.scene), next: "nobody" };
    const { provider = voice.textToSpeech.name, kind = "internal" } = error instanceof ProviderError ? error : {};
    const message = error instanceof Error ? error.message : String(error);
    this.#post({ type: "voice-failed", replyId, provider, kind, message, takenOverBy: other.name });
    return this.#playout.breakSentence(replyId);
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

function toAudioLimit({ textToSpeech, next }: Voice): number {
  return next === "other" ? (textToSpeech.audioLimitMs ?? SHORT_AUDIO_LIMIT_MS) : AUDIO_LIMIT_MS;
}

/** The same voice may well succeed at once: it has not just been silent for seconds. */
function isPassing({ isRetryable, kind }: ProviderError): boolean {
  return isRetryable && kind !== "timeout";
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
