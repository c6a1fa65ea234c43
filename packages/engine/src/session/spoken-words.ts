/** Which words of a reply lie before a given sample: the measure of what was heard. */

import { toSamples } from "../audio/frame.ts";
import type { WordTiming } from "../models/text-to-speech.ts";

/** Assumed while a sentence is still being synthesised and its length is not known. */
const SAMPLES_PER_LETTER = toSamples(75);

type Word = { readonly text: string; middle: number };

export class SpokenWords {
  readonly #words: Word[] = [];
  #sentenceStart = 0;
  #firstWord = 0;
  #samples = 0;
  #isTimed = false;
  #taken = 0;

  /** All samples added so far. */
  get samples(): number {
    return this.#samples;
  }

  beginSentence(text: string): void {
    this.#sentenceStart = this.#samples;
    this.#firstWord = this.#words.length;
    this.#isTimed = false;
    for (const word of text.split(/\s+/)) if (word !== "") this.#words.push({ text: word, middle: 0 });
    this.#spread(this.#letters() * SAMPLES_PER_LETTER);
  }

  /** `timings` count from the first sample of the sentence; they are used when they name as many words as it has. */
  addAudio(samples: number, timings?: readonly WordTiming[]): void {
    this.#samples += samples;
    if (timings?.length === this.#words.length - this.#firstWord) {
      this.#isTimed = true;
      for (const [index, timing] of timings.entries()) {
        const word = this.#words[this.#firstWord + index];
        if (word) word.middle = this.#sentenceStart + toSamples((timing.startMs + timing.endMs) / 2);
      }
    }
  }

  endSentence(): void {
    if (!this.#isTimed) this.#spread(this.#samples - this.#sentenceStart);
  }

  /** Words whose greater part lies before `playedSamples` and that were not taken before. */
  takeHeard(playedSamples: number): string {
    const first = this.#taken;
    for (let word = this.#words[this.#taken]; word && word.middle <= playedSamples; word = this.#words[this.#taken])
      this.#taken++;
    return this.#text(first, this.#taken);
  }

  /** All that was not taken yet. */
  takeRest(): string {
    const first = this.#taken;
    this.#taken = this.#words.length;
    return this.#text(first, this.#taken);
  }

  #spread(samples: number): void {
    const letters = this.#letters();
    let before = 0;
    for (let index = this.#firstWord; index < this.#words.length; index++) {
      const word = this.#words[index];
      if (!word) continue;
      word.middle = this.#sentenceStart + Math.round((samples * (before + word.text.length / 2)) / letters);
      before += word.text.length + 1;
    }
  }

  #letters(): number {
    let letters = 0;
    for (let index = this.#firstWord; index < this.#words.length; index++)
      letters += (this.#words[index]?.text.length ?? 0) + 1;
    return Math.max(1, letters);
  }

  #text(from: number, to: number): string {
    let text = "";
    for (let index = from; index < to; index++) text += `${index === from ? "" : " "}${this.#words[index]?.text ?? ""}`;
    return text;
  }
}
