/** Notices a model that says the same over and over, and would for minutes. */

import { plainWords } from "../conversation/words.ts";

/** So often in one reply a sentence of at least `SENTENCE_WORDS` words is no emphasis any more. */
const MAX_TIMES = 3;
const SENTENCE_WORDS = 3;
/** The same for a shorter one: "No. No. No." is how people talk. */
const MAX_SHORT_TIMES = 6;
/** A phrase of up to so many words, repeated inside of a sentence. */
const PHRASE_WORDS = 6;
const MAX_PHRASE_TIMES = 8;

export class Repetition {
  readonly #times = new Map<string, number>();

  /** Whether with this sentence the reply goes round in circles. */
  isLoop(sentence: string): boolean {
    const words = plainWords(sentence);
    const key = words.join(" ");
    if (key === "") return false;
    const times = (this.#times.get(key) ?? 0) + 1;
    this.#times.set(key, times);
    return times >= (words.length < SENTENCE_WORDS ? MAX_SHORT_TIMES : MAX_TIMES) || endsInLoop(words);
  }
}

function endsInLoop(words: readonly string[]): boolean {
  for (let length = 1; length <= PHRASE_WORDS; length++) if (isRepeated(words, length)) return true;
  return false;
}

/** The last words are one phrase of `length` words, again and again; digits are told one by one. */
function isRepeated(words: readonly string[], length: number): boolean {
  const end = words.slice(-length * MAX_PHRASE_TIMES);
  if (end.length < length * MAX_PHRASE_TIMES || end.some((word) => /^\p{N}+$/u.test(word))) return false;
  return end.every((word, index) => word === end[index % length]);
}
