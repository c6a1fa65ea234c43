/** What words tell about who wants the floor. */

import { gapBetween } from "./unspaced.ts";
import type { Vocabulary } from "./vocabulary/vocabulary.ts";

const LONGEST_PHRASE = 3;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is all of ASCII that is meant.
const BEYOND_ASCII = /[^\x00-\x7f]/;
/** Who asks for patience says little else. */
const LONGEST_HOLD_WORDS = 12;

/** Joins two pieces of speech: by one space, in writing that has spaces. */
export function joinWords(first: string, second: string): string {
  const tail = second.trim();
  if (first === "") return tail;
  return tail === "" ? first : `${first}${gapBetween(first, tail)}${tail}`;
}

/** Whether the listener only signals that they follow, without wanting the floor: nothing but backchannels, one by one. */
export function isBackchannel(text: string, { backchannels }: Vocabulary): boolean {
  const said = plainWords(text);
  let at = 0;
  while (at < said.length) {
    const length = longestPhraseAt(said, at, backchannels);
    if (length === 0) return false;
    at += length;
  }
  return said.length > 0;
}

/** Whether more of the same may make a backchannel of it: "I" of "I see". */
export function mayBecomeBackchannel(text: string, { backchannels }: Vocabulary): boolean {
  const said = plainWords(text).join(" ");
  for (const phrase of backchannels) if (phrase.startsWith(said)) return true;
  return false;
}

/** Whether it begins with words by which people stop each other. */
export function isCommand(text: string, { commands }: Vocabulary): boolean {
  return beginsWithAny(plainWords(text).join(" "), commands);
}

/** Whether the caller asks for patience: they are away for a while. */
export function asksToHold(text: string, { holds }: Vocabulary): boolean {
  const words = plainWords(text);
  if (words.length > LONGEST_HOLD_WORDS) return false;
  const said = ` ${words.join(" ")} `;
  return holds.some((phrase) => said.includes(` ${phrase} `));
}

export function countWords(text: string): number {
  return plainWords(text).length;
}

/** In small letters, without punctuation. */
export function plainWords(text: string): string[] {
  const small = text.toLowerCase();
  // Most text has no other letters, and these are found several times as fast.
  if (!BEYOND_ASCII.test(small)) return small.match(/[a-z0-9']+/g) ?? [];
  return small.replace(/’/g, "'").match(/[\p{L}\p{N}']+/gu) ?? [];
}

function beginsWithAny(said: string, phrases: readonly string[]): boolean {
  return phrases.some((phrase) => said === phrase || said.startsWith(`${phrase} `));
}

function longestPhraseAt(said: readonly string[], at: number, phrases: ReadonlySet<string>): number {
  for (let length = Math.min(LONGEST_PHRASE, said.length - at); length > 0; length--)
    if (phrases.has(said.slice(at, at + length).join(" "))) return length;
  return 0;
}
