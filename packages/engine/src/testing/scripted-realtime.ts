/** A realtime model that does exactly what a script says: for tests and rehearsals. */

import type { Samples } from "../audio/frame.ts";
import type { Message, ToolCall } from "../conversation/message.ts";
import { ProviderError } from "../models/provider-error.ts";
import type {
  SpeechToSpeech,
  SpeechToSpeechBrief,
  SpeechToSpeechEvent,
  SpeechToSpeechOptions,
  SpeechToSpeechStream,
} from "../models/speech-to-speech.ts";
import type { Clock } from "../session/clock.ts";
import { tone } from "./scripted-models.ts";

/** Samples louder than this count as speech. */
const SPEECH_LEVEL = 500;
const VOICE = { id: "scripted:realtime", name: "Realtime", language: "en-US" };

export type ScriptedAnswer =
  | string
  /** Nothing follows its beginning. */
  | "stall"
  | ProviderError
  | { readonly text?: string; readonly call: ToolCall };

export type RealtimeScript = {
  readonly clock: Clock;
  /** What the n-th utterance is understood as. */
  readonly texts?: readonly string[];
  /** What the n-th reply says, asked for or not; the last one again and again. */
  readonly answers?: readonly ScriptedAnswer[];
  /** Silence that ends a turn. Default 400. */
  readonly silenceMs?: number;
  /** From the end of a turn, or an `ask`, to the reply. Default 200. */
  readonly answerMs?: number;
  /** From the end of a turn to its words. Default 600. */
  readonly wordsMs?: number;
  /** It never answers by itself. */
  readonly isShy?: boolean;
};

/** Speaks a tone of 250 ms a word, all of it at once. */
export class ScriptedSpeechToSpeech implements SpeechToSpeech {
  readonly name = "scripted/realtime";
  readonly told: Message[] = [];
  readonly briefs: SpeechToSpeechBrief[] = [];
  readonly asked: (string | undefined)[] = [];
  readonly cancelled: { readonly replyId: string; readonly heardMs: number }[] = [];
  readonly #script: RealtimeScript;
  #fail: (error: ProviderError) => void = () => {};

  constructor(script: RealtimeScript) {
    this.#script = script;
  }

  voices() {
    return [VOICE];
  }

  /** The connection dies for good. */
  die(): void {
    this.#fail(scriptedFailure("unreachable", "the connection is gone"));
  }

  open({ brief, onEvent }: SpeechToSpeechOptions): SpeechToSpeechStream {
    this.briefs.push(brief);
    const line = new ScriptedLine(this.#script, onEvent);
    this.#fail = (error) => line.fail(error);
    return {
      push: (frame) => line.push(frame),
      ask: ({ askId, say }) => {
        this.asked.push(say);
        line.answer({ askId, ...(say === undefined ? {} : { say }) });
      },
      tell: (messages) => this.told.push(...messages),
      cancel: (replyId, heardMs) => {
        this.cancelled.push({ replyId, heardMs });
        line.cancel(replyId);
      },
      rebrief: (next) => this.briefs.push(next),
      close: () => line.close(),
    };
  }
}

class ScriptedLine {
  readonly #script: RealtimeScript;
  readonly #emit: (event: SpeechToSpeechEvent) => void;
  #isClosed = false;
  #pushed = 0;
  #utterances = 0;
  #lastLoud: number | undefined;
  #replies = 0;
  readonly #open = new Set<string>();

  constructor(script: RealtimeScript, emit: (event: SpeechToSpeechEvent) => void) {
    this.#script = script;
    this.#emit = (event) => {
      if (!this.#isClosed) emit(event);
    };
  }

  push(frame: Samples): void {
    const { silenceMs = 400, texts = [], answerMs = 200, wordsMs = 600, isShy = false } = this.#script;
    const isLoud = frame.some((sample) => Math.abs(sample) > SPEECH_LEVEL);
    if (isLoud && this.#lastLoud === undefined)
      this.#emit({ type: "speech-started", utteranceId: ++this.#utterances, sampleCount: this.#pushed });
    this.#pushed += frame.length;
    if (isLoud) this.#lastLoud = this.#pushed;
    if (this.#lastLoud === undefined || this.#pushed - this.#lastLoud < silenceMs * 16) return;
    const utteranceId = this.#utterances;
    this.#emit({ type: "speech-ended", utteranceId, sampleCount: this.#lastLoud });
    this.#lastLoud = undefined;
    const text = texts[utteranceId - 1] ?? "";
    this.#after(wordsMs, () => this.#emit({ type: "words", utteranceId, text }));
    if (!isShy) this.#after(answerMs, () => this.#begin({}));
  }

  answer(asked: { readonly askId: number; readonly say?: string }): void {
    this.#after(this.#script.answerMs ?? 200, () => this.#begin(asked));
  }

  cancel(replyId: string): void {
    if (this.#open.delete(replyId)) this.#emit({ type: "reply-ended", replyId });
  }

  fail(error: ProviderError): void {
    this.#emit({ type: "failed", error });
    this.close();
  }

  close(): void {
    this.#isClosed = true;
  }

  #begin({ askId, say }: { readonly askId?: number; readonly say?: string }): void {
    const { answers = ["Okay."] } = this.#script;
    const replyId = `item-${++this.#replies}`;
    const answer = say ?? answers[Math.min(this.#replies, answers.length) - 1] ?? "Okay.";
    this.#open.add(replyId);
    this.#emit({ type: "reply-started", replyId, ...(askId === undefined ? {} : { askId }) });
    if (answer === "stall" || !this.#open.has(replyId)) return;
    if (answer instanceof ProviderError) return this.#emit({ type: "reply-failed", replyId, error: answer });
    const { text, call } = typeof answer === "string" ? { text: answer, call: undefined } : answer;
    if (text !== undefined) {
      this.#emit({ type: "reply-text", replyId, text });
      this.#emit({ type: "reply-audio", replyId, samples: tone(250 * text.split(" ").length) });
    }
    if (call !== undefined) this.#emit({ type: "reply-tool-call", replyId, call });
    if (this.#open.delete(replyId)) this.#emit({ type: "reply-ended", replyId });
  }

  #after(delayMs: number, run: () => void): void {
    this.#script.clock.after(delayMs, () => {
      if (!this.#isClosed) run();
    });
  }
}

export function scriptedFailure(kind: ProviderError["kind"], message: string): ProviderError {
  return new ProviderError({ provider: "scripted/realtime", stage: "speech-to-speech", kind, message });
}
