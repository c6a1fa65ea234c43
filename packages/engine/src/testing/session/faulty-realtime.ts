/** A realtime model that does all that such models were ever seen to do. */

import fc from "fast-check";
import { ProviderError, type ProviderErrorKind } from "../../models/provider-error.ts";
import type {
  SpeechToSpeech,
  SpeechToSpeechEvent,
  SpeechToSpeechOptions,
  SpeechToSpeechStream,
} from "../../models/speech-to-speech.ts";
import type { Clock } from "../../session/clock.ts";
import { tone } from "../scripted-models.ts";

const SPEECH_LEVEL = 500;
const VOICE = { id: "fuzz:realtime", name: "Realtime", language: "en-US" };

type Turn = {
  /** Silence that the model takes for the end of a turn, ms. */
  readonly silenceMs: number;
  /** "" for none; undefined: it never tells them. */
  readonly words: string | undefined;
  readonly wordsMs: number;
  /** How many replies it begins by itself. */
  readonly offers: number;
};

type Answer = {
  readonly delayMs: number;
  readonly stepMs: number;
  readonly steps: readonly ("text" | "audio" | "tool" | "stall" | "fail")[];
  /** Goes on when it is cancelled. */
  readonly isDeaf: boolean;
};

export type RealtimeWorld = {
  /** The n-th turn goes by the n-th value, later ones by the last. */
  readonly turns: readonly Turn[];
  readonly answers: readonly Answer[];
  /** When its connection dies; undefined: never. */
  readonly diesAtMs: number | undefined;
};

const anyTurn: fc.Arbitrary<Turn> = fc.record({
  silenceMs: fc.constantFrom(300, 700),
  words: fc.constantFrom("Hello there.", "", "What are your hours?", "Mm-hmm.", undefined),
  wordsMs: fc.constantFrom(50, 400, 2_500),
  offers: fc.constantFrom(1, 1, 1, 0, 2),
});

const anyAnswer: fc.Arbitrary<Answer> = fc.record({
  delayMs: fc.constantFrom(50, 300, 2_000),
  stepMs: fc.constantFrom(0, 20, 300),
  steps: fc.array(fc.constantFrom("text", "audio", "text", "audio", "text", "audio", "tool", "stall", "fail"), {
    maxLength: 6,
  }),
  isDeaf: fc.constantFrom(false, false, true),
});

export const anyRealtimeWorld: fc.Arbitrary<RealtimeWorld> = fc.record({
  turns: fc.array(anyTurn, { minLength: 1, maxLength: 4 }),
  answers: fc.array(anyAnswer, { minLength: 1, maxLength: 5 }),
  diesAtMs: fc.constantFrom(undefined, undefined, 0, 1_500, 6_000),
});

export class FaultyRealtime implements SpeechToSpeech {
  readonly name = "fuzz/realtime";
  readonly #world: RealtimeWorld;
  readonly #clock: Clock;

  constructor(world: RealtimeWorld, clock: Clock) {
    this.#world = world;
    this.#clock = clock;
  }

  voices() {
    return [VOICE];
  }

  open({ onEvent }: SpeechToSpeechOptions): SpeechToSpeechStream {
    const line = new FaultyLine(this.#world, this.#clock, onEvent);
    return {
      push: (frame) => line.push(frame),
      ask: ({ askId }) => line.answer(askId),
      tell: () => {},
      cancel: (replyId) => line.cancel(replyId),
      rebrief: () => {},
      close: () => line.close(),
    };
  }
}

class FaultyLine {
  readonly #world: RealtimeWorld;
  readonly #clock: Clock;
  readonly #onEvent: (event: SpeechToSpeechEvent) => void;
  readonly #open = new Map<string, Answer>();
  #isClosed = false;
  #pushed = 0;
  #lastLoud: number | undefined;
  #utterances = 0;
  #replies = 0;
  #tools = 0;

  constructor(world: RealtimeWorld, clock: Clock, onEvent: (event: SpeechToSpeechEvent) => void) {
    this.#world = world;
    this.#clock = clock;
    this.#onEvent = onEvent;
    if (world.diesAtMs !== undefined)
      this.#after(world.diesAtMs, () => {
        this.#emit({ type: "failed", error: failure("unreachable") });
        this.close();
      });
  }

  push(frame: Int16Array): void {
    const { turns } = this.#world;
    const isLoud = frame.some((sample) => Math.abs(sample) > SPEECH_LEVEL);
    if (isLoud && this.#lastLoud === undefined)
      this.#emit({ type: "speech-started", utteranceId: ++this.#utterances, sampleCount: this.#pushed });
    this.#pushed += frame.length;
    if (isLoud) this.#lastLoud = this.#pushed;
    const turn = turns[Math.min(this.#utterances, turns.length) - 1];
    if (!turn || this.#lastLoud === undefined || this.#pushed - this.#lastLoud < turn.silenceMs * 16) return;
    const utteranceId = this.#utterances;
    this.#emit({ type: "speech-ended", utteranceId, sampleCount: this.#lastLoud });
    this.#lastLoud = undefined;
    const { words } = turn;
    if (words !== undefined) this.#after(turn.wordsMs, () => this.#emit({ type: "words", utteranceId, text: words }));
    for (let offer = 0; offer < turn.offers; offer++) this.answer(undefined);
  }

  answer(askId: number | undefined): void {
    const { answers } = this.#world;
    const answer = answers[Math.min(++this.#replies, answers.length) - 1];
    if (!answer) return;
    const replyId = `item-${this.#replies}`;
    this.#after(answer.delayMs, () => {
      this.#open.set(replyId, answer);
      this.#emit({ type: "reply-started", replyId, ...(askId === undefined ? {} : { askId }) });
      this.#take(replyId, answer, 0);
    });
  }

  cancel(replyId: string): void {
    if (this.#open.get(replyId)?.isDeaf || !this.#open.delete(replyId)) return;
    this.#emit({ type: "reply-ended", replyId });
  }

  close(): void {
    this.#isClosed = true;
  }

  #take(replyId: string, answer: Answer, index: number): void {
    if (!this.#open.has(replyId)) return;
    const step = answer.steps[index];
    if (step === "stall") return;
    if (step === undefined || step === "fail") {
      this.#open.delete(replyId);
      if (step === undefined) this.#emit({ type: "reply-ended", replyId });
      else this.#emit({ type: "reply-failed", replyId, error: failure("overloaded") });
      return;
    }
    this.#give(replyId, step);
    this.#after(answer.stepMs, () => this.#take(replyId, answer, index + 1));
  }

  #give(replyId: string, step: "text" | "audio" | "tool"): void {
    if (step === "text") this.#emit({ type: "reply-text", replyId, text: "We open at nine. " });
    else if (step === "audio") this.#emit({ type: "reply-audio", replyId, samples: tone(900) });
    else {
      const id = `tool-${++this.#tools}`;
      this.#emit({ type: "reply-tool-call", replyId, call: { id, name: "book", arguments: "{}" } });
    }
  }

  #emit(event: SpeechToSpeechEvent): void {
    if (!this.#isClosed) this.#onEvent(event);
  }

  #after(delayMs: number, run: () => void): void {
    this.#clock.after(delayMs, () => {
      if (!this.#isClosed) run();
    });
  }
}

function failure(kind: ProviderErrorKind): ProviderError {
  const stage = "speech-to-speech";
  return new ProviderError({ provider: "fuzz/realtime", stage, kind, message: "trouble" });
}
