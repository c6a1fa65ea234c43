/** Numbers, e-mail addresses, spelled names, streets and dates come in pieces: the pauses between them end nothing. */

import type { Dictation, Vocabulary } from "../vocabulary/vocabulary.ts";
import { plainWords } from "../words.ts";
import type { Clue, Evidence } from "./strategy.ts";

const PHONE_DIGITS = { few: 7, whole: 10 };
const SHORT_NUMBER_DIGITS = 4;
/** "My name is Baker." */
const NAME_WORDS = 6;
const KEEPS_FLOOR = -3;
const MAY_GO_ON = -1.6;
const IS_WHOLE = 2.4;

export function dictationClue({ text, asked, vocabulary }: Evidence): Clue | undefined {
  const said = plainWords(text.replace(/(?<=\p{L})[-.](?=\p{L}\b)/gu, " "));
  if (said.length === 0) return undefined;
  const wanted = findAsked(asked, vocabulary);
  return (
    emailClue(text, said, wanted, vocabulary) ??
    spellingClue(said, wanted) ??
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
  const { at, dot } = vocabulary;
  const atPlace = said.findLastIndex((word) => at.has(word));
  const isWritten = /\S@\S*$/.test(text.trim());
  const hasDomain = /\.[a-z]{2,}[.?!]?$/i.test(text.trim()) || dot.has(said.at(-2) ?? "");
  const isSpoken = wanted === "email" || (atPlace > 0 && said.slice(atPlace).some((word) => dot.has(word)));
  if (!isWritten && !isSpoken) return undefined;
  const isWhole = (isWritten || atPlace > 0) && hasDomain && !dot.has(said.at(-1) ?? "");
  if (isWhole) return clue("a whole e-mail address", IS_WHOLE);
  if (wanted === "email" && said.length > 6 && atPlace < 0) return undefined;
  return clue("an e-mail address goes on", KEEPS_FLOOR);
}

/** "S M I": letters one by one, nobody knows how many. */
function spellingClue(said: readonly string[], wanted: Dictation | undefined): Clue | undefined {
  const run = countAtEnd(said, (word) => /^\p{L}$/u.test(word));
  const letters = run === 1 && said.at(-1) === "i" ? 0 : run;
  if (wanted === "spelling") return askedSpellingClue(said);
  return letters >= 2 ? clue("letters one by one", MAY_GO_ON) : undefined;
}

/** The name as a whole is often said first; a letter or two may be recognised as a word. */
function askedSpellingClue(said: readonly string[]): Clue | undefined {
  if (said.some((word) => word !== "i" && /^\p{L}$/u.test(word))) return clue("letters one by one", KEEPS_FLOOR);
  return said.length <= NAME_WORDS ? clue("the letters are missing", KEEPS_FLOOR) : undefined;
}

function digitsClue(said: readonly string[], wanted: Dictation | undefined, { digits }: Vocabulary): Clue | undefined {
  const isDigit = (word: string) => /^\d+$/.test(word) || digits.has(word);
  const run = countAtEnd(said, (word) => isDigit(word) || word === "double" || word === "triple");
  const count = said.slice(said.length - run).reduce((sum, word) => sum + (/^\d+$/.test(word) ? word.length : 1), 0);
  if (wanted === "phone") return phoneClue(count, run);
  if (wanted === "number" && run > 0) return numberClue(count);
  if (run < 2 || count < 3) return undefined;
  return phoneClue(count, run);
}

/** Of no known length. */
function numberClue(count: number): Clue {
  if (count >= PHONE_DIGITS.whole) return clue("a long number", 1);
  return count < SHORT_NUMBER_DIGITS ? clue("a number goes on", KEEPS_FLOOR) : clue("a number may go on", -2);
}

function phoneClue(count: number, run: number): Clue | undefined {
  if (run === 0) return undefined;
  if (count >= PHONE_DIGITS.whole) return clue("a whole number", IS_WHOLE);
  return count >= PHONE_DIGITS.few ? clue("a number may go on", -1) : clue("a number goes on", KEEPS_FLOOR);
}

/** "On March": the day is still to come. */
function dateClue(
  text: string,
  said: readonly string[],
  wanted: Dictation | undefined,
  { months }: Vocabulary,
): Clue | undefined {
  const last = said.at(-1) ?? "";
  if (!months.has(last)) return undefined;
  const hasDay = said.slice(-4, -1).some((word) => /\d|(?:th|st|nd|rd|first|second|third)$/.test(word));
  if (hasDay || text.trimEnd().endsWith("?") || (last === "may" && wanted !== "date")) return undefined;
  return clue("the day of a date is missing", wanted === "date" ? KEEPS_FLOOR : MAY_GO_ON);
}

/** "Twelve": the street is still to come; behind it the town may be. */
function addressClue(
  said: readonly string[],
  wanted: Dictation | undefined,
  { digits, streets }: Vocabulary,
): Clue | undefined {
  if (wanted !== "address") return undefined;
  const last = said.at(-1) ?? "";
  const hasStreet = streets.test(said.join(" "));
  if (!hasStreet && (/^\d+$/.test(last) || digits.has(last))) return clue("the street is missing", KEEPS_FLOOR);
  if (!hasStreet) return clue("an address goes on", MAY_GO_ON);
  return streets.test(last) ? clue("a town may follow", -0.8) : undefined;
}

function countAtEnd(said: readonly string[], matches: (word: string) => boolean): number {
  const other = said.findLastIndex((word) => !matches(word));
  return said.length - 1 - other;
}

function clue(why: string, weight: number): Clue {
  return { why, weight };
}
