import { claimEach, type Rule } from "../claims.ts";
import { NOT_AFTER_WORD, NOT_BEFORE_WORD, sayDigits, sayNumber } from "../numerals.ts";

const CODE = new RegExp(
  `${NOT_AFTER_WORD}(?<![$€£#@])[A-Z0-9]{1,12}(?:-[A-Z0-9]{1,12}){0,5}${NOT_BEFORE_WORD}(?![.,]\\d)`,
  "gu",
);
const MAX_LENGTH = 24;

/** Capital letters and digits together: "AB12" is "A B one two". A word with a number, "COVID-19", stays one. */
export const codes: Rule = (text, language) =>
  claimEach(text, CODE, ([code]) => {
    if (!/[A-Z]/.test(code) || !/\d/.test(code) || code.length > MAX_LENGTH) return undefined;
    const word = /^([A-Z]{4,})-?(\d{1,3})$/.exec(code);
    if (word) return `${word[1]} ${sayNumber(word[2] ?? "", language)}`;
    const parts = code.match(/[A-Z]+|\d+/g) ?? [];
    return parts.map((part) => (/\d/.test(part) ? sayDigits(part, language) : Array.from(part).join(" "))).join(" ");
  });
