import { type Claim, claimEach, type Rule } from "../claims.ts";
import type { Half, SpokenLanguage } from "../languages/spoken-language.ts";
import { NOT_AFTER_WORD, NOT_BEFORE_WORD } from "../numerals.ts";

const TWELVE_HOURS = new RegExp(
  `${NOT_AFTER_WORD}(\\d{1,2})(?::(\\d{2}))?[\\s\\u202f]?([ap])(?:\\.[\\s\\u202f]?m\\.|m${NOT_BEFORE_WORD})`,
  "giu",
);
/** The first hour of "9-5pm". */
const BEFORE_TWELVE_HOURS = new RegExp(
  `${NOT_AFTER_WORD}(\\d{1,2})(?=\\s?[-–]\\s?\\d{1,2}(?::\\d{2})?\\s?[ap]\\.?m)`,
  "giu",
);
const CLOCK = new RegExp(`${NOT_AFTER_WORD}(\\d{1,2}):(\\d{2})(?::\\d{2})?${NOT_BEFORE_WORD}(?![:.,]\\d)`, "gu");
/** "15 Uhr", "15.30 Uhr", "15 uur". */
const NAMED_CLOCK = new RegExp(`${NOT_AFTER_WORD}(\\d{1,2})(?:[.:](\\d{2}))?\\s?(?:Uhr|uur)${NOT_BEFORE_WORD}`, "gu");
/** "15h30", "9 h". */
const LETTER_CLOCK = new RegExp(`${NOT_AFTER_WORD}(\\d{1,2})\\s?[hH]\\s?(\\d{2})?${NOT_BEFORE_WORD}`, "gu");

export const times: Rule = (text, language) => {
  const code = language.locale.slice(0, 2);
  const say = (match: RegExpExecArray) => sayTime(match[1], match[2], undefined, language);
  return [
    ...(code === "en" || code === "es"
      ? claimEach(
          text,
          TWELVE_HOURS,
          (match) => {
            const half: Half = match[3]?.toLowerCase() === "a" ? "am" : "pm";
            const said = Number(match[1]) > 12 ? undefined : sayTime(match[1], match[2], half, language);
            return said === undefined ? undefined : said + fullStop(match, text);
          },
          true,
        )
      : []),
    ...(code === "en" ? claimEach(text, BEFORE_TWELVE_HOURS, ([, hour = ""]) => sayHour(hour, language), true) : []),
    ...(code === "de" || code === "nl" ? claimEach(text, NAMED_CLOCK, say, true) : []),
    ...claimEach(text, CLOCK, say, true),
    ...(code === "fr" || code === "pt" ? claimEach(text, LETTER_CLOCK, say, true) : []),
  ] satisfies Claim[];
};

function sayHour(hour: string, language: SpokenLanguage): string | undefined {
  return Number(hour) <= 12 ? language.cardinal(BigInt(hour)) : undefined;
}

function sayTime(hour = "", minute = "0", half: Half | undefined, language: SpokenLanguage): string | undefined {
  const time = { hour: Number(hour), minute: Number(minute), ...(half === undefined ? {} : { half }) };
  return time.hour > 24 || time.minute > 59 ? undefined : language.time(time);
}

/** "p.m." at the end ends the sentence too. */
function fullStop(match: RegExpExecArray, text: string): string {
  const isLast = match.index + match[0].length === text.trimEnd().length;
  return match[0].endsWith(".") && isLast ? "." : "";
}
