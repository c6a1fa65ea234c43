/** Which words of a reply lie before a given sample: the measure of what was heard. */

import { toSamples } from "../audio/frame.ts";
import { hasUnspaced } from "../conversation/unspaced.ts";
import { joinWords } from "../conversation/words.ts";
import type { WordTiming } from "../models/text-to-speech.ts";
import type { SpokenPiece } from "../speakable/speakable.ts";
import { splitUnspaced } from "./split-unspaced.ts";

/** Assumed while a sentence is still being synthesised and its length is not known. */
const SAMPLES_PER_LETTER = toSamples(75);

const LETTERS_PER_SIGN = 3;

type Piece = {
  readonly said: SpokenPiece;
  readonly written: string;
  readonly spoken: readonly string[];
  middle: number;
};

export class SpokenWords {
  readonly #pieces: Piece[] = [];
  #sentenceStart = 0;
  #firstPiece = 0;
  #samples = 0;
  #isTimed = false;
  #taken = 0;

  /** All samples added so far. */
  get samples(): number {
    return this.#samples;
  }

  /** Directions to the voice have no words: they take no time of their own. */
  beginSentence(pieces: readonly SpokenPiece[]): void {
    this.#sentenceStart = this.#samples;
    this.#firstPiece = this.#pieces.length;
    this.#isTimed = false;
    this.extendSentence(pieces);
  }

  /** The sentence goes on with these. */
  extendSentence(pieces: readonly SpokenPiece[]): void {
    for (const said of pieces.flatMap(splitUnspaced)) {
      const { written, spoken } = said;
      if (written !== "") this.#pieces.push({ said, written, spoken: splitWords(spoken), middle: 0 });
    }
    this.#spread(this.#letters() * SAMPLES_PER_LETTER);
  }

  /**
   * `timings` count from the first sample of the sentence; they are used when they name as many words as are spoken in
   * it, with or without signs that aren't said.
   */
  addAudio(samples: number, timings?: readonly WordTiming[]): void {
    this.#samples += samples;
    if (timings === undefined) return;
    const isTimedWord = [() => true, isSaid].find((counts) => this.#countSpoken(counts) === timings.length);
    if (isTimedWord === undefined) return;
    this.#isTimed = true;
    this.#place(timings, isTimedWord);
  }

  endSentence(): void {
    if (!this.#isTimed) this.#spread(this.#samples - this.#sentenceStart);
  }

  /** Audio that comes between what has audio and what has none yet, with these words or with none. */
  insert(pieces: readonly SpokenPiece[], samples: number, timings?: readonly WordTiming[]): void {
    const at = this.#samples;
    const index = Math.max(
      this.#taken,
      this.#pieces.findLastIndex((piece, place) => place < this.#firstPiece || piece.middle <= at) + 1,
    );
    const rest = this.#pieces.splice(index);
    const isTimed = this.#isTimed;
    this.beginSentence(pieces);
    this.addAudio(samples, timings);
    this.endSentence();
    this.#firstPiece = this.#pieces.length;
    this.#sentenceStart = this.#samples;
    this.#isTimed = isTimed;
    for (const piece of rest) this.#pieces.push({ ...piece, middle: piece.middle + samples });
  }

  /** The audio of the sentence ends here: what it doesn't reach is taken back, to be spoken in another way. */
  breakSentence(): readonly SpokenPiece[] {
    const said = this.#inSentence().filter(
      ({ middle }) => this.#samples > this.#sentenceStart && middle <= this.#samples,
    );
    const rest = this.#pieces.splice(Math.max(this.#taken, this.#firstPiece + said.length));
    return rest.map((piece) => piece.said);
  }

  /** Words whose greater part lies before `playedSamples` and that were not taken before. */
  takeHeard(playedSamples: number): string {
    const first = this.#taken;
    for (let next = this.#pieces[first]; next && next.middle <= playedSamples; next = this.#pieces[this.#taken])
      this.#taken++;
    return this.#text(first, this.#taken);
  }

  /** All that was not taken yet. */
  takeRest(): string {
    const first = this.#taken;
    this.#taken = this.#pieces.length;
    return this.#text(first, this.#taken);
  }

  /** A piece lies where its spoken words lie; one that isn't said, where the word before it ends. */
  #place(timings: readonly WordTiming[], isTimedWord: (word: string) => boolean): void {
    let next = 0;
    for (const piece of this.#inSentence()) {
      const count = piece.spoken.filter(isTimedWord).length;
      const [first, last] = [timings[next], timings[next + count - 1]];
      const startMs = first === undefined || count === 0 ? (timings[next - 1]?.endMs ?? 0) : first.startMs;
      const endMs = last === undefined || count === 0 ? startMs : last.endMs;
      piece.middle = this.#sentenceStart + toSamples((startMs + endMs) / 2);
      next += count;
    }
  }

  #spread(samples: number): void {
    const letters = this.#letters();
    let before = 0;
    for (const piece of this.#inSentence()) {
      const length = lengthOf(piece);
      piece.middle = this.#sentenceStart + Math.round((samples * (before + length / 2)) / letters);
      before += length + 1;
    }
  }

  #letters(): number {
    return Math.max(
      1,
      this.#inSentence().reduce((letters, piece) => letters + lengthOf(piece) + 1, 0),
    );
  }

  #countSpoken(counts: (word: string) => boolean): number {
    return this.#inSentence().reduce((total, { spoken }) => total + spoken.filter(counts).length, 0);
  }

  #inSentence(): Piece[] {
    return this.#pieces.slice(this.#firstPiece);
  }

  #text(from: number, to: number): string {
    return this.#pieces.slice(from, to).reduce((text, { written }) => joinWords(text, written), "");
  }
}

function splitWords(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

function isSaid(word: string): boolean {
  return /[\p{L}\p{N}]/u.test(word);
}

/** As letters of what is spoken; one sign of writing without spaces is a syllable or more. */
function lengthOf({ spoken }: Piece): number {
  return spoken.reduce((letters, word) => letters + word.length * (hasUnspaced(word) ? LETTERS_PER_SIGN : 1) + 1, -1);
}
