import type { SpeechToSpeechEvent } from "@earshot/engine";
import type { ConversationSoFar } from "./conversation-so-far.ts";

/** Words come from a recogniser beside the model, which may stay silent. */
const WORDS_LIMIT_MS = 10_000;

export type UtterancesOptions = {
  readonly report: (event: SpeechToSpeechEvent) => void;
  readonly soFar: ConversationSoFar;
};

type Ended = { readonly utteranceId: number; readonly dueMs: number; readonly setText: (text: string) => void };

/**
 * What the caller says, numbered over all connections of a call:
 *
 *     (none) --started--> open --ended--> waiting for words --words, too late, connection lost--> told
 */
export class Utterances {
  readonly #report: UtterancesOptions["report"];
  readonly #soFar: ConversationSoFar;
  #count = 0;
  #open: { readonly utteranceId: number; readonly itemId: string; readonly sampleCount: number } | undefined;
  /** By item. */
  readonly #ended = new Map<string, Ended>();
  /** Words that came before the end of the speech. */
  readonly #early = new Map<string, string>();
  #idleItemId: string | undefined;

  constructor({ report, soFar }: UtterancesOptions) {
    this.#report = report;
    this.#soFar = soFar;
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** Nothing is being said, and all words are known. */
  get isSettled(): boolean {
    return this.#open === undefined && this.#ended.size === 0;
  }

  started(itemId: string, sampleCount: number, nowMs: number): void {
    if (this.#open) this.ended(this.#open.itemId, sampleCount, nowMs);
    const utteranceId = ++this.#count;
    this.#open = { utteranceId, itemId, sampleCount };
    this.#report({ type: "speech-started", utteranceId, sampleCount });
  }

  ended(itemId: string, sampleCount: number, nowMs: number): void {
    if (!this.#open) this.started(itemId, sampleCount, nowMs);
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    const { utteranceId } = open;
    // Named at the end only by some.
    const id = itemId === "" ? open.itemId : itemId;
    this.#ended.set(id, { utteranceId, dueMs: nowMs + WORDS_LIMIT_MS, ...this.#soFar.addCaller() });
    this.#report({ type: "speech-ended", utteranceId, sampleCount: Math.max(open.sampleCount, sampleCount) });
    const early = this.#early.get(id);
    this.#early.clear();
    if (early !== undefined) this.words(id, early, sampleCount, nowMs);
  }

  /** The model speaks up after a silence: should there have been words in it after all, they are an utterance too. */
  idle(itemId: string): void {
    this.#idleItemId = itemId;
  }

  words(itemId: string, text: string, sampleCount: number, nowMs: number): void {
    const ended = this.#ended.get(itemId);
    if (ended) return this.#tell(itemId, ended, text);
    if (this.#open?.itemId === itemId) this.#early.set(itemId, text);
    else if (this.#idleItemId === itemId && text !== "") {
      this.#idleItemId = undefined;
      this.ended(itemId, sampleCount, nowMs);
      this.words(itemId, text, sampleCount, nowMs);
    }
  }

  check(nowMs: number): void {
    for (const [itemId, ended] of this.#ended) if (nowMs >= ended.dueMs) this.#tell(itemId, ended, "");
  }

  /** The connection is gone, and with it what was to come. Returns whether words were lost. */
  interrupt(sampleCount: number, nowMs: number): boolean {
    if (this.#open) this.ended(this.#open.itemId, sampleCount, nowMs);
    const isLost = this.#ended.size > 0;
    for (const [itemId, ended] of this.#ended) this.#tell(itemId, ended, "");
    return isLost;
  }

  #tell(itemId: string, { utteranceId, setText }: Ended, text: string): void {
    this.#ended.delete(itemId);
    setText(text);
    this.#report({ type: "words", utteranceId, text });
  }
}
