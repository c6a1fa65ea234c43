import { type Claim, claimEach, perLanguage, type Rule } from "../claims.ts";
import type { SpokenLanguage } from "../languages/spoken-language.ts";
import { NOT_AFTER_WORD, NOT_BEFORE_WORD, numberSource, readNumeral, sayDigits, sayNumber } from "../numerals.ts";

/** A number without groups that is as long as this is an account's or an order's. */
const MIN_REFERENCE_DIGITS = 7;

const patterns = perLanguage((language) => {
  const ending = language.ordinalEndings.source === "^$" ? "" : `(${language.ordinalEndings.source.slice(1, -1)})`;
  return {
    ordinal: ending === "" ? undefined : new RegExp(`${NOT_AFTER_WORD}(\\d{1,6})${ending}(?!\\p{L})`, "giu"),
    decade: language.locale.startsWith("en") ? /(?<![\p{L}\p{N}])(?:(\d{2})|['’])(\d)0s(?![\p{L}\p{N}])/gu : undefined,
    number: new RegExp(
      `${NOT_AFTER_WORD}((?<![\\d\\p{L}.,)]\\s?)[-−])?(${numberSource(language)})${NOT_BEFORE_WORD}`,
      "gu",
    ),
  };
});

/** What is left of numbers: ordinals, decades, years, digits of references, and cardinals. */
export const plainNumbers: Rule = (text, language) => {
  const { ordinal, decade, number } = patterns(language);
  return [
    ...(ordinal === undefined
      ? []
      : claimEach(text, ordinal, ([, digits = "", end = ""]) => sayOrdinal(digits, end, language), true)),
    ...(decade === undefined
      ? []
      : claimEach(text, decade, ([, century, ten = ""]) => sayDecade(century, ten, language))),
    ...claimEach(text, number, (match) => say(match, text, language), true),
  ] satisfies Claim[];
};

function say(match: RegExpExecArray, text: string, language: SpokenLanguage): string {
  const [, minus, written = ""] = match;
  const before = text.slice(Math.max(0, match.index - 40), match.index);
  const isPlain = /^\d+$/.test(written);
  if (isPlain && minus === undefined) {
    if (language.digitsAfter.test(before) && written.length >= 3) return sayDigits(written, language);
    if (written.length >= MIN_REFERENCE_DIGITS && !written.endsWith("000")) return sayDigits(written, language);
    if (isYear(written, before, text.slice(match.index + written.length), language))
      return language.year(Number(written));
  }
  const said = sayNumber(readable(written, language), language);
  return minus === undefined ? said : `${language.words.minus} ${said}`;
}

function readable(written: string, language: SpokenLanguage): string {
  return readNumeral(written, language).whole === "" ? "0" : written;
}

function isYear(written: string, before: string, after: string, language: SpokenLanguage): boolean {
  const value = Number(written);
  if (written.length !== 4 || value < 1100 || value > 2099) return false;
  if (language.yearAfter.test(before)) return true;
  const isSpan = /^\s?[-–]\s?(?:19|20)\d\d(?!\d)/.test(after) || /(?:19|20)\d\d\s?[-–]\s?$/.test(before);
  return isSpan && value >= 1900;
}

/** "2nd", "1er", "3ª". */
function sayOrdinal(digits: string, ending: string, language: SpokenLanguage): string {
  const said = language.ordinal(BigInt(digits));
  if (/[ªa]$/.test(ending) && said.endsWith("o")) return said.replace(/o\b/g, "a");
  if (/^(?:re|res|ère|nde)$/.test(ending)) return said.replace(/premier$/, "première");
  return said;
}

const TENS = ["", "", "twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"];

/** "the nineteen nineties", "the nineties". */
function sayDecade(century: string | undefined, ten: string, language: SpokenLanguage): string | undefined {
  const tens = TENS[Number(ten)];
  if (century === undefined) return tens === "" ? undefined : tens;
  const hundreds = language.cardinal(BigInt(century));
  if (ten === "0") return Number(century) % 10 === 0 ? "two thousands" : `${hundreds} hundreds`;
  return tens === "" ? `${hundreds} tens` : `${hundreds} ${tens ?? ""}`;
}
