/** What was said: sentences that can't end here, words that people look for, and endings that leave nothing open. */

import { plainWords } from "../words.ts";
import type { Clue, Evidence } from "./strategy.ts";

const SHORT_ANSWER_WORDS = 3;

export function wordsClue({ text, asked, vocabulary }: Evidence): Clue | undefined {
  const trimmed = text.trim().replace(/["')\]]+$/, "");
  const said = plainWords(trimmed);
  const last = said.at(-1);
  if (last === undefined) return undefined;
  if (/(?:[,;:–-]|\.\.\.|…)$/.test(trimmed)) return { why: "a comma", weight: -2.4 };
  if (vocabulary.hesitations.has(last) && said.length > 1) return { why: `"${last}"`, weight: -3 };
  if (endsWithAny(said, vocabulary.closings)) return { why: `"${last}" at the end`, weight: 2 };
  const isPunctuated = /[.?!]$/.test(trimmed);
  const mayEnd = vocabulary.mayEnd.has(last) || vocabulary.mayEnd.has(said.slice(-2).join(" "));
  const isBelieved = mayEnd && (isPunctuated || isWholeAnswer(said, asked));
  if (vocabulary.dangling.has(last) && !isBelieved && !trimmed.endsWith("?"))
    return { why: `"${last}" at the end`, weight: -2.8 };
  if (trimmed.endsWith("?")) return { why: "a question", weight: 2.2 };
  if (isWholeAnswer(said, asked)) return { why: "a short answer", weight: 1.6 };
  return isPunctuated ? { why: "a whole sentence", weight: 1.4 } : { why: "no full stop", weight: -0.4 };
}

/** "No." after a question is all there is to say. */
function isWholeAnswer(said: readonly string[], asked: string): boolean {
  return said.length <= SHORT_ANSWER_WORDS && asked.trimEnd().endsWith("?");
}

function endsWithAny(said: readonly string[], phrases: readonly string[]): boolean {
  const text = ` ${said.join(" ")}`;
  return phrases.some((phrase) => text.endsWith(` ${phrase}`));
}
