import { type ProviderErrorKind, type Samples, toMs } from "@earshot/engine";
import type { Recogniser } from "./recogniser.ts";
import { UtteranceAudio } from "./utterance-audio.ts";

/**
 * Pieces of speech that wait for recognition over all calls: half an hour of talk, 77 MB. An utterance that would add more
 * fails.
 */
const MAX_WAITING = 160;
/** Partial words may take this share of the time they are about. */
const PARTIAL_SHARE = 0.25;
const DEFAULT_PARTIAL_EVERY_MS = 500;

export type Heard =
  | { readonly type: "partial" | "probable"; readonly utteranceId: number; readonly text: string }
  | { readonly type: "final"; readonly utteranceId: number; readonly text: string; readonly modelMs: number }
  | {
      readonly type: "failed";
      readonly utteranceId: number;
      readonly kind: ProviderErrorKind;
      readonly reason: string;
    };

export type EarOptions = {
  /** 0 turns partials off. Default 500. */
  readonly partialEveryMs?: number;
  readonly onHeard: (heard: Heard) => void;
};

/** Final words that are computed before it is sure that the utterance has ended. */
type Guess = {
  readonly samples: Samples;
  state: "waiting" | "running" | "failed" | { readonly text: string };
  /** Where the text goes once the utterance has ended. */
  index: number | undefined;
};

type Utterance = {
  readonly id: number;
  readonly ear: Ear;
  readonly audio: UtteranceAudio;
  /** Text by piece, undefined until it is recognised. */
  readonly texts: (string | undefined)[];
  isEnded: boolean;
  modelMs: number;
  failure: { kind: ProviderErrorKind; reason: string } | undefined;
  /** Samples that came since the last partial. */
  fresh: number;
  /** Somebody waits for the words so far. */
  isAskedFor: boolean;
  /** What the last partial cost. */
  glanceMs: number;
  lastPartial: string;
  /** Of the audio up to the last pause. */
  guess: Guess | undefined;
};

type Piece = { readonly utterance: Utterance; readonly index: number; readonly samples: Samples };

export type TranscriberOptions = {
  readonly recogniser: Recogniser;
  /** Pieces recognised side by side. Default 1. */
  readonly lanes?: number;
  /** Milliseconds, monotonic. Default performance.now. */
  readonly nowMs?: () => number;
};

/**
 * Shares one recogniser between calls. Final words go first: pieces of utterances that have ended before those of
 * utterances that go on, short utterances before long ones, and partials only while nothing else waits or runs. A partial is never queued: the utterance
 * that has waited longest gets the next free moment.
 */
export class Transcriber {
  readonly #recogniser: Recogniser;
  readonly #lanes: number;
  readonly #nowMs: () => number;
  readonly #ears = new Set<Ear>();
  #waiting: Piece[] = [];
  #running = 0;
  #isGlancing = false;

  constructor({ recogniser, lanes = 1, nowMs = () => performance.now() }: TranscriberOptions) {
    this.#recogniser = recogniser;
    this.#lanes = lanes;
    this.#nowMs = nowMs;
  }

  open(options: EarOptions): Ear {
    const ear = new Ear(options, {
      enqueue: (utterance, samples) => this.#enqueue(utterance, samples),
      next: () => this.#next(),
      forget: (closed) => this.#forget(closed),
    });
    this.#ears.add(ear);
    return ear;
  }

  #enqueue(utterance: Utterance, samples: Samples): void {
    const index = utterance.texts.push(undefined) - 1;
    if (this.#waiting.length >= MAX_WAITING) {
      utterance.failure = { kind: "overloaded", reason: `${MAX_WAITING} pieces of speech are waiting already` };
      utterance.texts[index] = "";
      return;
    }
    this.#waiting.push({ utterance, index, samples });
  }

  #forget(ear: Ear): void {
    this.#ears.delete(ear);
    this.#waiting = this.#waiting.filter((piece) => piece.utterance.ear !== ear);
  }

  #next(): void {
    while (this.#running < this.#lanes) {
      const piece = this.#takePiece();
      if (piece === undefined) break;
      void this.#recognise(piece);
    }
    if (this.#running > 0) return;
    const paused = this.#paused();
    if (paused !== undefined) void this.#guess(paused.utterance, paused.guess);
    else if (!this.#isGlancing) this.#glanceAtMostOverdue();
  }

  #glanceAtMostOverdue(): void {
    const utterance = this.#mostOverdue();
    if (utterance !== undefined) void this.#glance(utterance);
  }

  /** Of ended utterances, or else of all, the one that needs least: a long recording does not hold up a caller. */
  #takePiece(): Piece | undefined {
    const ended = this.#waiting.filter((piece) => piece.utterance.isEnded);
    let chosen: Piece | undefined;
    for (const piece of ended.length > 0 ? ended : this.#waiting) {
      if (chosen === undefined || missing(piece.utterance) < missing(chosen.utterance)) chosen = piece;
    }
    this.#waiting = this.#waiting.filter((piece) => piece !== chosen);
    return chosen;
  }

  async #recognise({ utterance, index, samples }: Piece): Promise<void> {
    this.#running++;
    const startedAtMs = this.#nowMs();
    try {
      utterance.texts[index] = await this.#recogniser.recognise(toFloats(samples));
    } catch (error) {
      utterance.texts[index] = "";
      utterance.failure = { kind: "internal", reason: error instanceof Error ? error.message : String(error) };
    }
    utterance.modelMs += this.#nowMs() - startedAtMs;
    this.#running--;
    utterance.ear.report();
    this.#next();
  }

  #paused(): { readonly utterance: Utterance; readonly guess: Guess } | undefined {
    for (const { speaking } of this.#ears) {
      if (speaking?.guess?.state === "waiting") return { utterance: speaking, guess: speaking.guess };
    }
    return undefined;
  }

  async #guess(utterance: Utterance, guess: Guess): Promise<void> {
    this.#running++;
    guess.state = "running";
    const startedAtMs = this.#nowMs();
    try {
      guess.state = { text: await this.#recogniser.recognise(toFloats(guess.samples)) };
    } catch {
      guess.state = "failed";
    }
    this.#running--;
    if (utterance.guess === guess) {
      utterance.modelMs += this.#nowMs() - startedAtMs;
      utterance.ear.takeGuess(utterance, guess);
    }
    this.#next();
  }

  #mostOverdue(): Utterance | undefined {
    let found: Utterance | undefined;
    let longestMs = 0;
    for (const ear of this.#ears) {
      const utterance = ear.speaking;
      if (utterance === undefined) continue;
      if (utterance.isAskedFor) return utterance;
      const overdueMs = toMs(utterance.fresh) - Math.max(ear.partialEveryMs, utterance.glanceMs / PARTIAL_SHARE);
      if (ear.partialEveryMs === 0 || overdueMs < 0 || (found !== undefined && overdueMs <= longestMs)) continue;
      found = utterance;
      longestMs = overdueMs;
    }
    return found;
  }

  async #glance(utterance: Utterance): Promise<void> {
    const { isAskedFor } = utterance;
    this.#isGlancing = true;
    utterance.fresh = 0;
    utterance.isAskedFor = false;
    const startedAtMs = this.#nowMs();
    // Partials are a courtesy: where one fails, the final words, or their failure, will come.
    const text = await this.#recogniser.glance(toFloats(utterance.audio.copy())).catch(() => "");
    utterance.ear.reportPartial(utterance, text, isAskedFor);
    utterance.glanceMs = this.#nowMs() - startedAtMs;
    this.#isGlancing = false;
    this.#next();
  }
}

type Desk = {
  readonly enqueue: (utterance: Utterance, samples: Samples) => void;
  readonly next: () => void;
  readonly forget: (ear: Ear) => void;
};

/** One call's side of the transcriber. */
export class Ear {
  readonly partialEveryMs: number;
  readonly #onHeard: (heard: Heard) => void;
  readonly #desk: Desk;
  #speaking: Utterance | undefined;
  /** Ended utterances whose final words are to come, oldest first. */
  #ended: Utterance[] = [];

  constructor({ partialEveryMs = DEFAULT_PARTIAL_EVERY_MS, onHeard }: EarOptions, desk: Desk) {
    this.partialEveryMs = partialEveryMs;
    this.#onHeard = onHeard;
    this.#desk = desk;
  }

  /** The utterance that goes on. */
  get speaking(): Utterance | undefined {
    return this.#speaking;
  }

  /** Drops an utterance that never ended. */
  begin(utteranceId: number): void {
    this.#speaking = {
      id: utteranceId,
      ear: this,
      audio: new UtteranceAudio(),
      texts: [],
      isEnded: false,
      modelMs: 0,
      failure: undefined,
      fresh: 0,
      isAskedFor: false,
      glanceMs: 0,
      lastPartial: "",
      guess: undefined,
    };
  }

  /** Ignored outside an utterance. */
  push(samples: Samples): void {
    const utterance = this.#speaking;
    if (utterance === undefined) return;
    utterance.fresh += samples.length;
    for (const piece of utterance.audio.push(samples)) {
      utterance.guess = undefined;
      this.#desk.enqueue(utterance, piece);
    }
    this.#desk.next();
  }

  /**
   * The caller has paused: begins with the final words while nothing else is to be done. They count if `end` comes
   * before the next pause. Ignored where partials are off: such a call wants the same words whatever the load.
   */
  mayEnd(utteranceId: number): void {
    const utterance = this.#speaking;
    if (utterance?.id !== utteranceId || this.partialEveryMs === 0 || utterance.audio.length === 0) return;
    utterance.guess = { samples: utterance.audio.copy(), state: "waiting", index: undefined };
    this.#desk.next();
  }

  /** Wants a partial as soon as nothing more urgent is to be done. */
  glance(utteranceId: number): void {
    const utterance = this.#speaking;
    if (utterance?.id !== utteranceId) return;
    utterance.isAskedFor = true;
    this.#desk.next();
  }

  /** Ignored unless that utterance is open. */
  end(utteranceId: number): void {
    const utterance = this.#speaking;
    if (utterance?.id !== utteranceId) return;
    this.#speaking = undefined;
    utterance.isEnded = true;
    this.#ended.push(utterance);
    const { guess } = utterance;
    if (guess === undefined || guess.state === "waiting" || guess.state === "failed") this.#enqueueRest(utterance);
    else {
      guess.index = utterance.texts.push(undefined) - 1;
      if (guess.state !== "running") this.takeGuess(utterance, guess);
    }
    this.report();
    this.#desk.next();
  }

  /** Uses what was guessed, if the utterance has ended. */
  takeGuess(utterance: Utterance, { state, index }: Guess): void {
    if (index === undefined) {
      if (this.#speaking === utterance && typeof state === "object") this.#reportProbable(utterance, state.text);
      return;
    }
    if (typeof state === "object") utterance.texts[index] = state.text;
    else {
      utterance.texts[index] = "";
      this.#enqueueRest(utterance);
    }
    this.report();
  }

  #reportProbable({ id, texts }: Utterance, text: string): void {
    if (texts.includes(undefined)) return;
    const whole = join([...texts, text]);
    if (whole !== "") this.#onHeard({ type: "probable", utteranceId: id, text: whole });
  }

  #enqueueRest(utterance: Utterance): void {
    if (utterance.audio.length > 0) this.#desk.enqueue(utterance, utterance.audio.copy());
  }

  close(): void {
    this.#speaking = undefined;
    this.#ended = [];
    this.#desk.forget(this);
  }

  /** Words that were asked for are reported whatever they are. */
  reportPartial(utterance: Utterance, text: string, isAskedFor: boolean): void {
    if (this.#speaking !== utterance) return;
    const whole = join([...utterance.texts, text]);
    if (!isAskedFor && (whole === "" || whole === utterance.lastPartial)) return;
    utterance.lastPartial = whole;
    this.#onHeard({ type: "partial", utteranceId: utterance.id, text: whole });
  }

  /** Tells of the utterances whose every piece is recognised, in the order they ended. */
  report(): void {
    for (let first = this.#ended[0]; first !== undefined; first = this.#ended[0]) {
      if (first.texts.includes(undefined)) return;
      this.#ended.shift();
      const utteranceId = first.id;
      if (first.failure !== undefined) this.#onHeard({ type: "failed", utteranceId, ...first.failure });
      else this.#onHeard({ type: "final", utteranceId, text: join(first.texts), modelMs: Math.round(first.modelMs) });
    }
  }
}

/** Pieces that are not recognised yet. */
function missing(utterance: Utterance): number {
  return utterance.texts.filter((text) => text === undefined).length;
}

function join(texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined && text !== "").join(" ");
}

function toFloats(samples: Samples): Float32Array {
  const floats = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i++) floats[i] = (samples[i] ?? 0) / 32_768;
  return floats;
}
