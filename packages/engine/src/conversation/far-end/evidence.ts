/** What tells a machine from a person. Words decide; how long somebody talks, and a beep, only add to them. */

import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { plainWords } from "../words.ts";
import type { FarEnd } from "./far-end.ts";

/** Nobody who wants an answer speaks so long without a pause, ms. */
const MACHINE_MIN_MS = 4_500;
/** "Miller's bakery, good morning": hardly any greeting of a person is longer, ms. */
const PERSON_MAX_MS = 2_500;
/** A machine hardly pauses for so long and then goes on, ms. */
const NEW_SPEAKER_MS = 1_500;

export type Suspicion = { readonly because: string; readonly confidence: number };

/** Undefined: not enough to take it for a machine. */
export function suspectMachine(farEnd: FarEnd, vocabulary: Vocabulary): Suspicion | undefined {
  const phrases = countPhrases(farEnd.words, vocabulary.machines);
  const isLong = greetingMs(farEnd) >= MACHINE_MIN_MS;
  const hasBeep = farEnd.beepAtMs !== undefined;
  if (phrases >= 2) return { because: "its words are an answering machine's", confidence: hasBeep ? 0.99 : 0.95 };
  if (phrases === 1 && hasBeep) return { because: "words of an answering machine, then a beep", confidence: 0.95 };
  if (phrases === 1 && isLong) return { because: "a long greeting with words of a machine", confidence: 0.85 };
  if (isLong && hasBeep) return { because: "a long greeting without a pause, then a beep", confidence: 0.8 };
  return undefined;
}

/** Not enough to decide, and too much to talk into it: it may go on, or beep. */
export function isSuspect(farEnd: FarEnd, vocabulary: Vocabulary): boolean {
  const isLong = !farEnd.hasYielded && greetingMs(farEnd) >= PERSON_MAX_MS;
  return isLong || countPhrases(farEnd.words, vocabulary.machines) > 0;
}

/** Only somebody who wants an answer says that: a question, a hello, keys pressed. */
export function isPersonal(text: string, { people, machines }: Vocabulary): boolean {
  const said = plainWords(text).join(" ");
  if (/\?\s*$/.test(text) || people.some((pattern) => pattern.test(said))) return true;
  return /^pressed /.test(said) && countPhrases(said, machines) === 0;
}

/** Whether words that come after a machine's are a person's, who has picked up. */
export function isNewSpeaker(text: string, { gapMs }: FarEnd, vocabulary: Vocabulary): boolean {
  if (isPersonal(text, vocabulary)) return true;
  return gapMs >= NEW_SPEAKER_MS && isNoMachine(text, vocabulary);
}

/** There are words, and none that machines say. */
export function isNoMachine(text: string, { machines }: Vocabulary): boolean {
  const said = plainWords(text).join(" ");
  return said !== "" && countPhrases(said, machines) === 0;
}

export function isScreener(text: string, { screeners }: Vocabulary): boolean {
  return countPhrases(plainWords(text).join(" "), screeners) > 0;
}

/** "Please stay on the line": somebody is being fetched. */
export function isConnecting(text: string, { connecting }: Vocabulary): boolean {
  return countPhrases(plainWords(text).join(" "), connecting) > 0;
}

function greetingMs({ greetingFromMs, greetingToMs }: FarEnd): number {
  return greetingToMs - greetingFromMs;
}

function countPhrases(said: string, patterns: readonly RegExp[]): number {
  return patterns.filter((pattern) => pattern.test(said)).length;
}
