/** One reply of a realtime model: kept back until it has the floor, then played as it comes. */

import { type Samples, toMs } from "../audio/frame.ts";
import type { Fact } from "../conversation/event.ts";
import type { ToolCall } from "../conversation/message.ts";
import type { ToolConduct } from "../conversation/tool-conduct.ts";
import { ProviderError } from "../models/provider-error.ts";
import type { SpeechToSpeechEvent } from "../models/speech-to-speech.ts";
import type { SpokenPiece } from "../speakable/speakable.ts";
import type { Playout } from "./playout.ts";
import { SentenceSplitter } from "./sentences.ts";

/** What of a reply is kept while nobody hears it; more than that, and it has failed: 2 minutes of sound. */
const MAX_HELD_MS = 120_000;

export type ReplyPiece = Extract<SpeechToSpeechEvent, { readonly type: `reply-${string}` }>;

type Stage = {
  readonly playout: Playout;
  readonly post: (fact: Fact) => void;
  readonly conductOf: (tool: string) => ToolConduct | undefined;
  readonly language: string;
  readonly provider: string;
};

export class RealtimeReply {
  /** Its id in the rules, once it has the floor. */
  replyId: string | undefined;
  /** Its id at the model, once it has begun. */
  modelId: string | undefined;
  /** The model will give nothing more. */
  isComplete = false;
  failure: ProviderError | undefined;
  readonly #stage: Stage;
  readonly #held: ReplyPiece[] = [];
  readonly #splitter: SentenceSplitter;
  #givenMs = 0;
  #hasText = false;
  #hasSentence = false;
  #hasAudio = false;
  #hasTool = false;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#splitter = new SentenceSplitter(stage.language);
  }

  /** All the sound that the model has given, ms. */
  get givenMs(): number {
    return this.#givenMs;
  }

  /** It has the floor. */
  begin(replyId: string): void {
    this.replyId = replyId;
    this.#stage.playout.begin(replyId);
    this.#stage.playout.beginSentence(replyId, []);
    for (const piece of this.#held.splice(0)) this.#play(piece);
  }

  take(piece: ReplyPiece): void {
    if (this.isComplete) return;
    if (piece.type === "reply-audio") this.#givenMs += toMs(piece.samples.length);
    if (piece.type === "reply-ended" || piece.type === "reply-failed") this.isComplete = true;
    if (this.replyId !== undefined) return this.#play(piece);
    if (this.#givenMs <= MAX_HELD_MS || piece.type !== "reply-audio") this.#held.push(piece);
    else this.fail(this.#error("bad-response", "more sound than anybody waits for"));
  }

  /** It is to be stopped: words that are known count as far as they were heard. */
  stopShort(): void {
    if (this.replyId !== undefined) this.#addSentences(this.replyId, this.#splitter.flush());
  }

  /** What was said of it is heard first; then the failure is told. */
  fail(error: ProviderError): void {
    if (this.failure) return;
    this.isComplete = true;
    this.failure = error;
    this.#held.length = 0;
    if (this.replyId !== undefined) this.#stage.playout.breakOff(this.replyId);
  }

  /** The last fact of it. */
  toOutcome(replyId: string): Fact {
    if (!this.failure) return { type: "reply-ended", replyId };
    const { provider, stage, kind, message, isRetryable } = this.failure;
    return { type: "reply-failed", replyId, provider, stage, kind, message, isRetryable };
  }

  #play(piece: ReplyPiece): void {
    const { replyId } = this;
    if (replyId === undefined || this.failure) return;
    switch (piece.type) {
      case "reply-started":
        return;
      case "reply-text":
        return this.#addText(replyId, piece.text);
      case "reply-audio":
        return this.#addAudio(replyId, piece.samples);
      case "reply-tool-call":
        return this.#addTool(replyId, piece.call);
      case "reply-ended":
        return this.#finish(replyId);
      case "reply-failed":
        return this.fail(piece.error);
    }
  }

  #addText(replyId: string, text: string): void {
    if (text === "") return;
    if (!this.#hasText) this.#stage.post({ type: "reply-text-started", replyId });
    this.#hasText = true;
    this.#addSentences(replyId, this.#splitter.push(text));
  }

  /** Words and sound come side by side: where one sentence ends in the sound, nobody says. */
  #addSentences(replyId: string, sentences: readonly string[]): void {
    const { playout, post } = this.#stage;
    for (const sentence of sentences) {
      const pieces = toPieces(sentence);
      if (pieces.length === 0) continue;
      post({ type: "reply-sentence", replyId, text: pieces.map(({ written }) => written).join(" ") });
      playout.extendSentence(replyId, pieces);
      this.#hasSentence = true;
    }
  }

  #addAudio(replyId: string, samples: Samples): void {
    const { playout, post } = this.#stage;
    if (!this.#hasAudio) post({ type: "reply-audio-ready", replyId });
    this.#hasAudio = true;
    playout.enqueue(replyId, samples);
  }

  #addTool(replyId: string, { id, name, arguments: args }: ToolCall): void {
    const { post, conductOf } = this.#stage;
    this.#hasTool = true;
    // What introduces a tool is said before it is asked for.
    this.#addSentences(replyId, this.#splitter.flush());
    const conduct = conductOf(name);
    const asked = { replyId, toolCallId: id, name, arguments: args };
    post({ type: "tool-requested", ...asked, ...(conduct === undefined ? {} : { conduct }) });
  }

  #finish(replyId: string): void {
    const { playout } = this.#stage;
    this.#addSentences(replyId, this.#splitter.flush());
    if (!this.#hasText && !this.#hasAudio && !this.#hasTool)
      return this.fail(this.#error("bad-response", "an empty reply"));
    if (this.#hasSentence && !this.#hasAudio) return this.fail(this.#error("bad-response", "no sound"));
    if (this.#hasSentence) playout.endSentence(replyId);
    playout.finish(replyId);
  }

  #error(kind: "bad-response", message: string): ProviderError {
    const { provider } = this.#stage;
    return new ProviderError({ provider, stage: "speech-to-speech", kind, message, isRetryable: true });
  }
}

/** What is said is what is written. */
function toPieces(sentence: string): SpokenPiece[] {
  return sentence
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word) => ({ written: word, spoken: word }));
}
