/** Reads numbers as they are written, and says them. */

import { perLanguage } from "./claims.ts";
import type { SpokenLanguage } from "./languages/spoken-language.ts";

/** Longer ones are said digit by digit. */
const MAX_DIGITS = 15;

/** Not preceded, not followed by a letter or a digit. */
export const NOT_AFTER_WORD = "(?<![\\p{L}\\p{N}])";
export const NOT_BEFORE_WORD = "(?![\\p{L}\\p{N}])";

/** Source of a pattern for "1,234.5" as the language writes it; without groups of its own. */
export const numberSource = perLanguage(({ decimalMark, groupsBySpace }: SpokenLanguage) => {
  if (decimalMark === ".") return "(?:\\d{1,3}(?:[,’']\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?)(?![.,]?\\d)";
  const group = groupsBySpace ? "[.\\u00a0\\u202f ]" : "[.’'\\u00a0\\u202f]";
  return `(?:\\d{1,3}(?:${group}\\d{3})+(?:,\\d+)?|\\d+(?:[.,]\\d+)?)(?![.,]?\\d)`;
});

export type Numeral = { readonly whole: string; readonly fraction: string };

export function readNumeral(text: string, language: SpokenLanguage): Numeral {
  const isGrouped =
    /^\d{1,3}(?:[^\d]\d{3})+/.test(text) && !(language.decimalMark === "." && /^\d+\.\d{3}$/.test(text));
  const hasOwnMark = language.decimalMark === "," && (isGrouped || text.includes(","));
  const mark = hasOwnMark ? "," : ".";
  const [whole = "", fraction = ""] = text.split(mark);
  return { whole: whole.replace(/\D/g, ""), fraction: fraction.replace(/\D/g, "") };
}

export function sayNumeral({ whole, fraction }: Numeral, language: SpokenLanguage): string {
  const said = sayWhole(whole, language);
  return fraction === "" ? said : `${said} ${language.words.point} ${sayFraction(fraction, language)}`;
}

export function sayNumber(text: string, language: SpokenLanguage): string {
  return sayNumeral(readNumeral(text, language), language);
}

/** A number in front of what is counted. */
export function sayCounted(text: string, language: SpokenLanguage, isFeminine: boolean): string {
  const numeral = readNumeral(text, language);
  if (numeral.fraction !== "" || isDigits(numeral.whole)) return sayNumeral(numeral, language);
  return language.counted(BigInt(numeral.whole), isFeminine);
}

/** "007", and what no number word is made for. */
function isDigits(whole: string): boolean {
  return whole.length > MAX_DIGITS || /^0\d/.test(whole);
}

function sayWhole(whole: string, language: SpokenLanguage): string {
  return isDigits(whole) ? sayDigits(whole, language) : language.cardinal(BigInt(whole === "" ? "0" : whole));
}

function sayFraction(fraction: string, language: SpokenLanguage): string {
  if (!language.readsFractionAsNumber || fraction.length > 2) return sayDigits(fraction, language);
  const zeros = /^0*(?=\d)/.exec(fraction)?.[0] ?? "";
  const rest = fraction.slice(zeros.length);
  return [sayDigits(zeros, language), language.cardinal(BigInt(rest))].filter((words) => words !== "").join(" ");
}

/** Every digit on its own. */
export function sayDigits(digits: string, language: SpokenLanguage): string {
  return Array.from(digits.replace(/\D/g, ""), (digit) => language.cardinal(BigInt(digit))).join(" ");
}
