/** Numbers, e-mail addresses, spelled names, streets and dates come in pieces: the pauses between them end nothing. */

import type { Dictation, Vocabulary } from "../vocabulary/vocabulary.ts";
import type { Clue, Look } from "./strategy.ts";

const PHONE_DIGITS = { few: 7, whole: 10 };
const SHORT_NUMBER_DIGITS = 4;
const SHORTEST_SPELLED = 3;
/** Longer answers that hold nothing of what was asked for are about something else. */
const ASIDE_WORDS = 8;
/** "At example.com": without the sign in front, only these are believed. */
const DOMAIN = /\.(?:com|net|org|edu|gov|info|biz|io|eu|de|at|ch|fr|es|it|pt|br|nl|be|uk|us|ca|au|mx|ar)[.?!]?$/i;
const DOMAIN_ENDS = new Set("com net org edu gov info biz io eu".split(" "));
const KEEPS_FLOOR = -3;
const MAY_GO_ON = -1.6;
const PERHAPS_GOES_ON = -0.6;
/** Whole as it is, and something may be added. */
const MAY_BE_ALL = 0;
const IS_WHOLE = 2.4;

export function dictationClue({ text, said, asked, vocabulary }: Look): Clue | undefined {
  if (said.length === 0) return undefined;
  const wanted = findAsked(asked, vocabulary);
  return (
    emailClue(text, said, wanted, vocabulary) ??
    spellingClue(said, wanted, vocabulary) ??
    digitsClue(said, wanted, vocabulary) ??
    dateClue(text, said, wanted, vocabulary) ??
    addressClue(said, wanted, vocabulary)
  );
}

/** What the agent's last words ask the caller to dictate. */
function findAsked(asked: string, { asks }: Vocabulary): Dictation | undefined {
  const question = asked.toLowerCase().trim();
  const last = question.split(/(?<=[.!?])\s+/).at(-1) ?? "";
  for (const kind of ["email", "spelling", "phone", "number", "address", "date"] as const)
    if (asks[kind].test(last)) return kind;
  return undefined;
}

function emailClue(text: string, said: readonly string[], wanted: Dictation | undefined, vocabulary: Vocabulary) {
  const { at, dot, negations } = vocabulary;
  const atPlace = said.findLastIndex((word) => at.has(word));
  const written = text.trim();
  const isWritten = /\S@\S*$/.test(written);
  const isSpoken = wanted === "email" || (atPlace > 0 && said.slice(atPlace).some((word) => dot.has(word)));
  if (!isWritten && !isSpoken) return undefined;
  if (hasDomain(written, said, { isSigned: isWritten || atPlace > 0, dot }))
    return piece("a whole e-mail address", IS_WHOLE);
  if (wanted === "email" && atPlace < 0 && isOtherwise(said, negations)) return undefined;
  return piece("an e-mail address goes on", KEEPS_FLOOR);
}

function hasDomain(
  written: string,
  said: readonly string[],
  { isSigned, dot }: { isSigned: boolean; dot: Vocabulary["dot"] },
): boolean {
  const last = said.at(-1) ?? "";
  if (dot.has(last)) return false;
  const isDotted = dot.has(said.at(-2) ?? "");
  return isSigned
    ? isDotted || /\.[a-z]{2,}[.?!]?$/i.test(written)
    : DOMAIN.test(written) || (isDotted && DOMAIN_ENDS.has(last));
}

/** Not what was asked for, and not the beginning of it either. */
function isOtherwise(said: readonly string[], negations: ReadonlySet<string>): boolean {
  return said.length > ASIDE_WORDS || said.some((word) => negations.has(word));
}

/** "S M I": letters one by one, nobody knows how many, unless they spell a word that was said. */
function spellingClue(
  said: readonly string[],
  wanted: Dictation | undefined,
  vocabulary: Vocabulary,
): Clue | undefined {
  const run = countAtEnd(said, isLetter);
  const letters = run === 1 && said.at(-1) === "i" ? 0 : run;
  if (letters >= SHORTEST_SPELLED && said.includes(said.slice(-letters).join("")))
    return piece("the whole word is spelled", IS_WHOLE);
  if (wanted === "spelling") return askedSpellingClue(said, vocabulary);
  return letters >= 2 ? paced("letters one by one", MAY_GO_ON) : undefined;
}

/** The name as a whole is often said first; a letter or two may be recognised as a word. */
function askedSpellingClue(said: readonly string[], { negations }: Vocabulary): Clue | undefined {
  if (said.some((word) => word !== "i" && isLetter(word))) return paced("letters one by one", KEEPS_FLOOR);
  return isOtherwise(said, negations) ? undefined : piece("the letters are missing", KEEPS_FLOOR);
}

function isLetter(word: string): boolean {
  return /^\p{L}$/u.test(word);
}

function digitsClue(
  said: readonly string[],
  wanted: Dictation | undefined,
  { digits, negations }: Vocabulary,
): Clue | undefined {
  const isDigit = (word: string) => /^\d+$/.test(word) || digits.has(word);
  const countDigits = (words: readonly string[]) =>
    words.reduce((sum, word) => sum + (/^\d+$/.test(word) ? word.length : Number(digits.has(word))), 0);
  const run = countAtEnd(said, (word) => isDigit(word) || word === "double" || word === "triple");
  if (wanted === "phone" || wanted === "number") {
    // A digit that was heard as another word parts no number.
    const count = countDigits(said);
    if (count === 0) return isOtherwise(said, negations) ? undefined : paced("the number is missing", MAY_GO_ON);
    // "I don't have one."
    if (count === 1 && isOtherwise(said, negations)) return undefined;
    return wanted === "phone" ? phoneClue(count) : numberClue(count);
  }
  const count = countDigits(said.slice(said.length - run));
  return run < 2 || count < 3 ? undefined : phoneClue(count);
}

/** Of no known length. */
function numberClue(count: number): Clue {
  if (count >= PHONE_DIGITS.whole) return paced("a long number", PERHAPS_GOES_ON);
  return count < SHORT_NUMBER_DIGITS ? piece("a number goes on", KEEPS_FLOOR) : paced("a number may go on", MAY_GO_ON);
}

function phoneClue(count: number): Clue {
  if (count >= PHONE_DIGITS.whole) return piece("a whole number", IS_WHOLE);
  return count >= PHONE_DIGITS.few ? paced("a number may go on", -1) : piece("a number goes on", KEEPS_FLOOR);
}

/** "On March": the day is still to come. "On the third": the month. Behind both the hour may be. */
function dateClue(
  text: string,
  said: readonly string[],
  wanted: Dictation | undefined,
  { months, days, negations }: Vocabulary,
): Clue | undefined {
  const last = said.at(-1) ?? "";
  if (text.trimEnd().endsWith("?")) return undefined;
  if (!months.has(last)) return wanted === "date" ? askedDateClue(said, { months, days, negations }) : undefined;
  if (last === "may" && wanted !== "date") return undefined;
  if (said.slice(-4, -1).some((word) => /\d|(?:th|st|nd|rd|first|second|third)$/.test(word)))
    return wanted === "date" ? paced("an hour may follow", MAY_BE_ALL) : undefined;
  return piece("the day of a date is missing", wanted === "date" ? KEEPS_FLOOR : MAY_GO_ON);
}

function askedDateClue(
  said: readonly string[],
  { months, days, negations }: Pick<Vocabulary, "months" | "days" | "negations">,
): Clue | undefined {
  if (said.some((word) => months.has(word) || days.has(word)) || isOtherwise(said, negations)) return undefined;
  return paced("the date is missing", MAY_GO_ON);
}

/** "Twelve": the street is still to come; behind it the town may be. */
function addressClue(
  said: readonly string[],
  wanted: Dictation | undefined,
  { digits, streets, negations }: Vocabulary,
): Clue | undefined {
  if (wanted !== "address") return undefined;
  const last = said.at(-1) ?? "";
  if (streets.test(said.join(" "))) return streets.test(last) ? paced("a town may follow", PERHAPS_GOES_ON) : undefined;
  if (/^\d+$/.test(last) || digits.has(last)) return piece("the street is missing", KEEPS_FLOOR);
  return isOtherwise(said, negations) ? undefined : paced("an address goes on", MAY_GO_ON);
}

function countAtEnd(said: readonly string[], matches: (word: string) => boolean): number {
  const other = said.findLastIndex((word) => !matches(word));
  return said.length - 1 - other;
}

/** Something is missing for sure. */
function piece(why: string, weight: number): Clue {
  return { why, weight, isPiece: true };
}

/** Nobody knows how many pieces there are: the pace tells whether another one comes. */
function paced(why: string, weight: number): Clue {
  return { why, weight, isPiece: true, isPaced: true };
}
