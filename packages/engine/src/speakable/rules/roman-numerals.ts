import { claimEach, type Rule } from "../claims.ts";

const NUMERAL = "(M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))(?![\\p{L}\\p{N}.])";
/** Behind these a Roman numeral can't be anything else. */
const COUNTED = new RegExp(
  `(?<=(?<![\\p{L}\\p{N}])(?:Chapter|Part|Section|Volume|Vol\\.|Book|Act|Scene|Phase|Type|Class|Level|Stage|Article|Appendix|World War|Super Bowl|Final Fantasy) )${NUMERAL}`,
  "gu",
);
const RULERS = new RegExp(
  `(?<=(?<![\\p{L}\\p{N}])(?:Henry|Louis|Elizabeth|George|Edward|Richard|Charles|James|William|Philip|Catherine|Frederick|Napoleon|Pope \\p{L}+|King \\p{L}+|Queen \\p{L}+) )${NUMERAL}`,
  "gu",
);
const VALUES: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 };

/** English only: elsewhere the words in front of them aren't known. */
export const romanNumerals: Rule = (text, language) => {
  if (!language.locale.startsWith("en")) return [];
  const read = (roman = "") => (roman === "" ? undefined : BigInt(toValue(roman)));
  return [
    ...claimEach(text, COUNTED, ([, roman]) => {
      const value = read(roman);
      return value === undefined ? undefined : language.cardinal(value);
    }),
    ...claimEach(text, RULERS, ([, roman]) => {
      const value = read(roman);
      return value === undefined ? undefined : `the ${language.ordinal(value)}`;
    }),
  ];
};

function toValue(roman: string): number {
  const values = Array.from(roman, (letter) => VALUES[letter] ?? 0);
  return values.reduce((sum, value, index) => sum + (value < (values[index + 1] ?? 0) ? -value : value), 0);
}
