/** What was said: sentences that can't end here, words that people look for, and endings that leave nothing open. */

import type { Clue, Evidence, Look } from "./strategy.ts";

const SHORT_ANSWER_WORDS = 3;
const UNFINISHED = -2.8;
const PERHAPS_UNFINISHED = -0.3;

export function wordsClue({ text, said, asked, vocabulary }: Look): Clue | undefined {
  const trimmed = text.trim().replace(/["')\]]+$/, "");
  const last = said.at(-1);
  if (last === undefined) return undefined;
  if (/(?:[,;:–-]|\.\.\.|…)$/.test(trimmed)) return { why: "a comma", weight: -2.4 };
  if (vocabulary.hesitations.has(last) && said.length > 1) return { why: `"${last}"`, weight: -3 };
  if (endsWithAny(said, vocabulary.closings)) return { why: `"${last}" at the end`, weight: 2 };
  const isPunctuated = /[.?!]$/.test(trimmed);
  const dangling = danglingClue(said, { isPunctuated, isQuestion: trimmed.endsWith("?"), asked, vocabulary });
  if (dangling) return dangling;
  if (trimmed.endsWith("?")) return { why: "a question", weight: 2.2 };
  if (isWholeAnswer(said, asked)) return { why: "a short answer", weight: 1.6, isPunctuation: true };
  return isPunctuated
    ? { why: "a whole sentence", weight: 1.4, isPunctuation: true }
    : { why: "no full stop", weight: -0.4, isPunctuation: true };
}

/** After some words nothing can end; others do, now and then, and a full stop behind them is half a proof. */
function danglingClue(
  said: readonly string[],
  { isPunctuated, isQuestion, asked, vocabulary }: Pick<Evidence, "asked" | "vocabulary"> & Marks,
): Clue | undefined {
  const last = said.at(-1) ?? "";
  const { dangling, mayEnd, neverEnds } = vocabulary;
  const isSpelled = last.length === 1 && said.at(-2)?.length === 1;
  if (!dangling.has(last) || isSpelled || (isQuestion && !(said.length > 1 && neverEnds.has(last)))) return undefined;
  const why = `"${last}" at the end`;
  const isWhole = isWholeAnswer(said, asked);
  const isPair = mayEnd.has(said.slice(-2).join(" "));
  if (!(isPunctuated || isWhole) || !(isPair || mayEnd.has(last))) return { why, weight: UNFINISHED };
  return isWhole || isPair ? undefined : { why, weight: PERHAPS_UNFINISHED };
}

type Marks = { readonly isPunctuated: boolean; readonly isQuestion: boolean };

/** "No." after a question is all there is to say. */
function isWholeAnswer(said: readonly string[], asked: string): boolean {
  return said.length <= SHORT_ANSWER_WORDS && asked.trimEnd().endsWith("?");
}

function endsWithAny(said: readonly string[], phrases: readonly string[]): boolean {
  const text = ` ${said.join(" ")}`;
  return phrases.some((phrase) => text.endsWith(` ${phrase}`));
}
