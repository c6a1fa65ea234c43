/** Turns a reply's sentences into sound, one after the other. Where a voice fails another one goes on, or it tries again. */

import type { Fact } from "../conversation/event.ts";
import { ProviderError } from "../models/provider-error.ts";
import type { SpeechChunk, TextToSpeech } from "../models/text-to-speech.ts";
import { joinSpoken, type SpokenPiece } from "../speakable/speakable.ts";
import { type Cast, withVoiceOf } from "./casting.ts";
import type { Clock } from "./clock.ts";
import type { Playout } from "./playout.ts";
import type { Scene } from "./scene.ts";
import type { SentenceQueue } from "./sentence-queue.ts";
import { withinLimit } from "./within-limit.ts";

/** Synthesis stops when this much waits to be played: a reply cut short costs no more than that. */
const MAX_AHEAD_MS = 8_000;
/** A voice that leaves the caller in silence for this long has failed. */
const AUDIO_LIMIT_MS = 5_000;
/** The same where another voice stands ready, unless the voice asks for more. */
const SHORT_AUDIO_LIMIT_MS = 1_500;

/** Who speaks a reply's sentences, and who goes on if that fails. */
export type Voice = {
  readonly textToSpeech: TextToSpeech;
  readonly scene: Scene;
  readonly next: "other" | "again" | "nobody";
};

/** Of a reply, what is needed to speak it. */
export type SpeakingReply = {
  readonly replyId: string;
  readonly controller: AbortController;
  readonly cast: Cast;
  readonly sentences: SentenceQueue;
  voice: Voice;
  /** The voice is at work on a sentence. */
  isSpeaking: boolean;
  hasAudio: boolean;
};

export function firstVoice({ models, scene, understudy }: Cast): Voice {
  return { textToSpeech: models.textToSpeech, scene, next: understudy.textToSpeech ? "other" : "again" };
}

export class Speaking {
  readonly #playout: Playout;
  readonly #clock: Clock;
  readonly #post: (fact: Fact) => void;

  constructor(options: { playout: Playout; clock: Clock; post: (fact: Fact) => void }) {
    this.#playout = options.playout;
    this.#clock = options.clock;
    this.#post = options.post;
  }

  /** Resolves when all sentences are with the playout. Rejects when no voice is left. */
  async speak(reply: SpeakingReply): Promise<void> {
    const { signal } = reply.controller;
    for await (const pieces of reply.sentences) {
      await this.#untilNeeded(signal);
      let rest = pieces;
      while (rest.length > 0 && !signal.aborted)
        rest = await this.#speakSentence(reply, rest).catch((error: unknown) => this.#passOn(reply, error));
      reply.isSpeaking = false;
    }
  }

  /** @returns what is still to be said: nothing */
  async #speakSentence(reply: SpeakingReply, pieces: readonly SpokenPiece[]): Promise<readonly SpokenPiece[]> {
    const { replyId, controller, voice } = reply;
    const { textToSpeech, scene } = voice;
    reply.isSpeaking = true;
    this.#playout.beginSentence(replyId, pieces);
    const request = { text: joinSpoken(pieces), voiceId: scene.voiceId, speed: scene.speed };
    const chunks = textToSpeech.speak(request, controller.signal);
    const limitMs = () => this.#playout.aheadMs + toAudioLimit(voice);
    const limit = { limitMs, provider: textToSpeech.name, stage: "text-to-speech" } as const;
    for await (const chunk of withinLimit<SpeechChunk>(chunks, this.#clock, limit)) {
      if (controller.signal.aborted) return [];
      if (!reply.hasAudio) this.#post({ type: "reply-audio-ready", replyId });
      reply.hasAudio = true;
      this.#playout.enqueue(replyId, chunk.samples, chunk.words);
    }
    // Stopped on the way: what of it was heard is known by its words' times alone.
    if (!controller.signal.aborted) this.#playout.endSentence(replyId);
    return [];
  }

  /** A voice has failed: another one goes on where it stopped. @returns what is still to be said */
  #passOn(reply: SpeakingReply, error: unknown): readonly SpokenPiece[] {
    const { replyId, voice, cast, controller } = reply;
    const isWorthATry = voice.next === "other" || (error instanceof ProviderError && isPassing(error));
    if (controller.signal.aborted || voice.next === "nobody" || !isWorthATry) throw error;
    const other = (voice.next === "other" ? cast.understudy.textToSpeech : undefined) ?? voice.textToSpeech;
    if (voice.next === "other") cast.rest("textToSpeech");
    reply.voice = { textToSpeech: other, scene: withVoiceOf(other, voice.scene), next: "nobody" };
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
}

function toAudioLimit({ textToSpeech, next }: Voice): number {
  return next === "other" ? (textToSpeech.audioLimitMs ?? SHORT_AUDIO_LIMIT_MS) : AUDIO_LIMIT_MS;
}

/** The same voice may well succeed at once: it has not just been silent for seconds. */
function isPassing({ isRetryable, kind }: ProviderError): boolean {
  return isRetryable && kind !== "timeout";
}
