/** Makes a sentence speakable: what is written becomes what is said, word by word, so that what was heard is known. */

import { splitAudioTags } from "./audio-tags.ts";
import { type Claim, type Rule, settleClaims } from "./claims.ts";
import { findLanguage } from "./languages/find-language.ts";
import type { SpokenLanguage } from "./languages/spoken-language.ts";
import { removeMarkup } from "./markup.ts";
import { claimPronunciations, type Pronunciation } from "./pronunciations.ts";
import { abbreviations } from "./rules/abbreviations.ts";
import { addresses } from "./rules/addresses.ts";
import { codes } from "./rules/codes.ts";
import { dates } from "./rules/dates.ts";
import { fractions } from "./rules/fractions.ts";
import { money } from "./rules/money.ts";
import { phones } from "./rules/phones.ts";
import { plainNumbers } from "./rules/plain-numbers.ts";
import { romanNumerals } from "./rules/roman-numerals.ts";
import { symbols } from "./rules/symbols.ts";
import { times } from "./rules/times.ts";
import { units } from "./rules/units.ts";

/** Some words that are heard together or not at all. */
export type SpokenPiece = {
  /** As the history keeps it, one word or a few; "" for a direction to the voice, which is no speech. */
  readonly written: string;
  /** As the voice gets it. */
  readonly spoken: string;
};

export type SpeakableOptions = {
  /** BCP 47. Numbers and signs of languages without rules are left to the voice. */
  readonly language: string;
  readonly pronunciations?: readonly Pronunciation[];
  /** "keep" when the voice understands them. Default "strip". */
  readonly audioTags?: "keep" | "strip";
};

/** Earlier ones win where two want the same words. */
const RULES: readonly Rule[] = [
  addresses,
  phones,
  money,
  dates,
  times,
  fractions,
  units,
  abbreviations,
  romanNumerals,
  codes,
  plainNumbers,
  symbols,
];

/** Pure and total. The written words joined are the sentence without its markup. */
export function toSpeakable(sentence: string, options: SpeakableOptions): SpokenPiece[] {
  const { audioTags = "strip", pronunciations = [] } = options;
  const language = findLanguage(options.language);
  const pieces: SpokenPiece[] = [];
  for (const { kind, text } of splitAudioTags(sentence)) {
    if (kind === "text") pieces.push(...sayText(removeMarkup(text), language, pronunciations));
    else if (audioTags === "keep") pieces.push({ written: "", spoken: text });
  }
  return pieces;
}

/** What the voice gets. */
export function joinSpoken(pieces: readonly SpokenPiece[]): string {
  return join(pieces.map(({ spoken }) => spoken));
}

/** What the history keeps once all of it was heard. */
export function joinWritten(pieces: readonly SpokenPiece[]): string {
  return join(pieces.map(({ written }) => written));
}

function join(words: readonly string[]): string {
  return words.filter((word) => word !== "").join(" ");
}

function sayText(
  text: string,
  language: SpokenLanguage | undefined,
  pronunciations: readonly Pronunciation[],
): SpokenPiece[] {
  const pronounced = claimPronunciations(text, pronunciations);
  const proposals = language === undefined ? [] : RULES.map((rule) => rule(text, language));
  return assemble(text, addRanges(text, settleClaims([pronounced, ...proposals]), language));
}

/** A dash between two amounts is "to". */
function addRanges(text: string, claims: readonly Claim[], language: SpokenLanguage | undefined): Claim[] {
  if (language === undefined) return [...claims];
  return claims.flatMap((claim, index) => {
    const next = claims[index + 1];
    const isRange =
      claim.isAmount && next?.isAmount && /^[\s\u00a0]?[-–—−][\s\u00a0]?$/.test(text.slice(claim.end, next.start));
    return isRange ? [claim, { start: claim.end, end: next.start, spoken: ` ${language.words.to} ` }] : [claim];
  });
}

/** Cuts at white space, but not inside of what was claimed as one. */
function assemble(text: string, claims: readonly Claim[]): SpokenPiece[] {
  const pieces: SpokenPiece[] = [];
  let written = "";
  let spoken = "";
  const finish = () => {
    if (written !== "") pieces.push({ written, spoken: spoken.replace(/\s+/g, " ").trim() });
    written = "";
    spoken = "";
  };
  const copy = (part: string) => {
    for (const [index, word] of part.split(/\s+/).entries()) {
      if (index > 0) finish();
      written += word;
      spoken += word;
    }
  };
  let done = 0;
  for (const { start, end, spoken: said } of claims) {
    copy(text.slice(done, start));
    // A claim next to letters or digits would run into them.
    spoken += `${/[\p{L}\p{N}]$/u.test(spoken) ? " " : ""}${said}`;
    written += text.slice(start, end);
    done = end;
    if (/^[\p{L}\p{N}]/u.test(text.slice(end, end + 2))) spoken += " ";
  }
  copy(text.slice(done));
  finish();
  return pieces;
}
