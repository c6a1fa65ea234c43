import { claimEach, type Rule } from "../claims.ts";
import type { SpokenLanguage } from "../languages/spoken-language.ts";
import { NOT_AFTER_WORD, NOT_BEFORE_WORD, sayNumber } from "../numerals.ts";

const VULGAR: Readonly<Record<string, string>> = {
  "½": "1/2",
  "⅓": "1/3",
  "⅔": "2/3",
  "¼": "1/4",
  "¾": "3/4",
  "⅕": "1/5",
  "⅛": "1/8",
  "⅜": "3/8",
  "⅝": "5/8",
  "⅞": "7/8",
};
const WRITTEN = new RegExp(
  `${NOT_AFTER_WORD}(?<![./,])(?:(\\d{1,4})\\s)?(\\d{1,3}(?:[.,]\\d)?)/(\\d{1,3})${NOT_BEFORE_WORD}(?![/.,]\\d)`,
  "gu",
);
const SIGN = /(?:(\d{1,4})\s?)?([½⅓⅔¼¾⅕⅛⅜⅝⅞])/gu;

/** "one half", "two and a half", "twenty-four seven"; others are read with what stands between them. */
export const fractions: Rule = (text, language) => [
  ...claimEach(text, WRITTEN, ([, whole, part = "", of = ""]) => {
    const named = language.fractions[`${part}/${of}`];
    if (named !== undefined) return withWhole(whole, named, language);
    if (whole !== undefined) return undefined;
    const isShare = language.locale.startsWith("en") && [5, 10, 100].includes(Number(of)) && Number(part) <= Number(of);
    const between = isShare ? "out of" : language.words.slash;
    return `${sayNumber(part, language)} ${between} ${sayNumber(of, language)}`;
  }),
  ...claimEach(text, SIGN, ([, whole, sign = ""]) => {
    const named = language.fractions[VULGAR[sign] ?? ""];
    return named === undefined ? undefined : withWhole(whole, named, language);
  }),
];

function withWhole(whole: string | undefined, named: string, language: SpokenLanguage): string {
  if (whole === undefined) return named;
  const part = language.locale.startsWith("en") ? named.replace(/^one /, "a ") : named;
  return `${sayNumber(whole, language)} ${language.words.and} ${part}`;
}
