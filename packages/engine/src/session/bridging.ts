/** What a caller hears who waits: words that were spoken beforehand, or a sound that needs no voice. */

import { FRAME_MS, joinSamples, type Samples, toMs } from "../audio/frame.ts";
import { makeWaitingSound } from "../audio/waiting-sound.ts";
import type { Fact } from "../conversation/event.ts";
import type { TextToSpeech, WordTiming } from "../models/text-to-speech.ts";
import {
  joinSpoken,
  joinWritten,
  type SpeakableOptions,
  type SpokenPiece,
  toSpeakable,
} from "../speakable/speakable.ts";
import type { Clock } from "./clock.ts";
import type { Playout } from "./playout.ts";
import type { Scene } from "./scene.ts";
import { withinLimit } from "./within-limit.ts";

/** A voice that takes longer for two words is none to wait for. */
const VOICE_LIMIT_MS = 5_000;
const MAX_KEPT = 200;

const SOUND = makeWaitingSound();

type Made = { readonly samples: Samples; readonly words?: readonly WordTiming[] };

/** By the voice's model, then by voice, speed and words: what was made for one call is there for all. */
const KEPT = new WeakMap<TextToSpeech, Map<string, Made>>();

/** Of a reply, what is needed to bridge a pause in it. */
export type BridgedReply = {
  readonly replyId: string;
  readonly voice: { readonly textToSpeech: TextToSpeech; readonly scene: Scene };
  readonly speakable: SpeakableOptions;
  readonly isSpeaking: boolean;
  readonly controller: { readonly signal: AbortSignal };
};

export class Bridging {
  readonly #playout: Playout;
  readonly #clock: Clock;
  readonly #post: (fact: Fact) => void;
  readonly #nextFiller: () => string | undefined;
  readonly #making = new Map<string, Promise<Made | undefined>>();

  constructor(options: {
    playout: Playout;
    clock: Clock;
    post: (fact: Fact) => void;
    nextFiller: () => string | undefined;
  }) {
    this.#playout = options.playout;
    this.#clock = options.clock;
    this.#post = options.post;
    this.#nextFiller = options.nextFiller;
  }

  /** Nothing is heard, and perhaps nothing will be for a while: the words that would be said then are made now. */
  prepare(reply: BridgedReply): void {
    const { signal } = reply.controller;
    const text =
      signal.aborted || reply.isSpeaking || !this.#playout.isDry(reply.replyId) ? undefined : this.#nextFiller();
    if (text !== undefined) void this.#make(reply, toSpeakable(text, reply.speakable));
  }

  /** Says `text` in the reply if it can be said at once; otherwise there is a sound, and the words when they are made. */
  fill(reply: BridgedReply, text: string): void {
    const pieces = toSpeakable(text, reply.speakable);
    const kept = keptOf(reply).get(toKey(reply, pieces));
    if (kept) return this.#say(reply, pieces, kept);
    this.playSound();
    const soundOver = new Promise<void>((resolve) => this.#clock.after(toMs(SOUND.length) + FRAME_MS, resolve));
    void Promise.all([this.#make(reply, pieces), soundOver]).then(([made]) => {
      if (made && !reply.controller.signal.aborted) this.#say(reply, pieces, made);
    });
  }

  playSound(): void {
    this.#playout.playBetween(SOUND);
  }

  #say({ replyId }: BridgedReply, pieces: readonly SpokenPiece[], { samples, words }: Made): void {
    if (!this.#playout.isDry(replyId)) return;
    this.#post({ type: "reply-sentence", replyId, text: joinWritten(pieces), isFiller: true });
    this.#playout.playBetween(samples, pieces, words);
  }

  #make(reply: BridgedReply, pieces: readonly SpokenPiece[]): Promise<Made | undefined> {
    const key = toKey(reply, pieces);
    const making = this.#making.get(key) ?? this.#speak(reply, pieces).finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making;
  }

  /** Never rejects: what can't be made is left out. */
  async #speak(reply: BridgedReply, pieces: readonly SpokenPiece[]): Promise<Made | undefined> {
    const { textToSpeech, scene } = reply.voice;
    const stop = new AbortController();
    const request = { text: joinSpoken(pieces), voiceId: scene.voiceId, speed: scene.speed };
    const limit = { limitMs: () => VOICE_LIMIT_MS, provider: textToSpeech.name, stage: "text-to-speech" } as const;
    const chunks: Samples[] = [];
    let words: readonly WordTiming[] | undefined;
    try {
      for await (const chunk of withinLimit(textToSpeech.speak(request, stop.signal), this.#clock, limit)) {
        chunks.push(chunk.samples);
        words ??= chunk.words;
      }
    } catch {
      return undefined;
    } finally {
      stop.abort();
    }
    const samples = joinSamples(chunks);
    if (samples.length === 0) return undefined;
    const made: Made = { samples, ...(words === undefined ? {} : { words }) };
    const kept = keptOf(reply);
    if (kept.size < MAX_KEPT) kept.set(toKey(reply, pieces), made);
    return made;
  }
}

function keptOf({ voice: { textToSpeech } }: BridgedReply): Map<string, Made> {
  const kept = KEPT.get(textToSpeech) ?? new Map<string, Made>();
  KEPT.set(textToSpeech, kept);
  return kept;
}

function toKey({ voice: { scene } }: BridgedReply, pieces: readonly SpokenPiece[]): string {
  return `${scene.voiceId} ${scene.speed} ${joinSpoken(pieces)}`;
}
