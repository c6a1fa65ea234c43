import { claimEach, type Rule } from "../claims.ts";
import type { SpokenLanguage } from "../languages/spoken-language.ts";
import { NOT_AFTER_WORD, NOT_BEFORE_WORD, sayDigits } from "../numerals.ts";

const CANDIDATE = new RegExp(
  `${NOT_AFTER_WORD}(?<![\\d.,/$€£]-?)(\\+ ?)?((?:\\(\\d{1,5}\\)|\\d{1,15})(?:[ \\u00a0./-]{1,2}(?:\\(0?\\d{0,4}\\)|\\d{2,12})){0,6})${NOT_BEFORE_WORD}(?![.,/-]\\d)`,
  "gu",
);
/** Trunk calls of North America, with and without the area code. */
const NORTH_AMERICAN = /^(?:1[ .-])?\(?\d{3}\)?[ .-]{1,2}\d{3}[ .-]\d{4}$|^\d{3}-\d{4}$/;
const DATE = /^\d{1,4}([./-])\d{1,2}\1\d{1,4}$/;

/** Digits in the groups in which they are written: "two one two, five five five". */
export const phones: Rule = (text, language) =>
  claimEach(text, CANDIDATE, ([, plus = "", rest = ""]) => {
    const digits = rest.replace(/\D/g, "");
    const isLong = digits.length >= 7 && digits.length <= 15;
    const isPhone = NORTH_AMERICAN.test(rest) || (isLong && (plus !== "" || (/^\(?0/.test(rest) && !DATE.test(rest))));
    if (!isPhone) return undefined;
    const groups = (plus === "" ? rest : rest.replace(/\(0\)/, " "))
      .split(/\D+/)
      .filter((group) => group !== "")
      .flatMap((group) => splitGroup(group, digits));
    const said = groups.map((group) => sayGroup(group, language)).join(", ");
    return plus === "" ? said : `${language.words.plus} ${said}`;
  });

/** A long run of digits is cut where people cut it. */
function splitGroup(group: string, digits: string): string[] {
  if (group.length <= 5) return [group];
  if (group === digits && group.length === 11 && group.startsWith("1"))
    return ["1", group.slice(1, 4), group.slice(4, 7), group.slice(7)];
  if (group.length === 10) return [group.slice(0, 3), group.slice(3, 6), group.slice(6)];
  const parts = group.match(/\d{1,3}/g) ?? [];
  const last = parts.at(-1) ?? "";
  return last.length === 1 ? [...parts.slice(0, -2), `${parts.at(-2) ?? ""}${last}`] : parts;
}

/** The French read pairs. */
function sayGroup(group: string, language: SpokenLanguage): string {
  if (!language.groupsBySpace || group.length !== 2 || group.startsWith("0")) return sayDigits(group, language);
  return language.cardinal(BigInt(group));
}
