import { claimEach, perLanguage, type Rule, wordBefore } from "../claims.ts";
import { monthNames } from "../languages/month-names.ts";
import type { CalendarDate, SpokenLanguage } from "../languages/spoken-language.ts";
import { NOT_AFTER_WORD, NOT_BEFORE_WORD } from "../numerals.ts";

const ISO = new RegExp(`${NOT_AFTER_WORD}(\\d{4})-(\\d{2})-(\\d{2})${NOT_BEFORE_WORD}(?!-?\\d)`, "gu");
const NUMERIC = new RegExp(
  `${NOT_AFTER_WORD}(\\d{1,2})([./-])(\\d{1,2})\\2(\\d{4}|\\d{2})${NOT_BEFORE_WORD}(?![./-]\\d)`,
  "gu",
);
const GERMAN_SHORT = new RegExp(`${NOT_AFTER_WORD}(\\d{1,2})\\.\\s?(\\d{1,2})\\.(?!\\d)`, "gu");

const named = perLanguage((language) => {
  const names = [...monthNames(language.locale), ...Object.keys(language.shortMonths)].toSorted(
    (a, b) => b.length - a.length,
  );
  const month = `(${names.join("|")})\\b\\.?`;
  const isEnglish = language.locale.startsWith("en");
  const year = "(?:,?\\s+(?:de\\s+)?(\\d{4})(?!\\d))?";
  return {
    dayFirst: new RegExp(
      `${NOT_AFTER_WORD}(\\d{1,2})(?:st|nd|rd|th|er|\\.|º|°)?\\s+(?:of\\s+|de\\s+)?${month}${year}`,
      "giu",
    ),
    monthFirst: isEnglish
      ? new RegExp(`${NOT_AFTER_WORD}${month}\\s+(\\d{1,2})(?:st|nd|rd|th)?(?!\\d|:\\d|\\s?[ap]\\.?m)${year}`, "giu")
      : undefined,
    monthOfYear: new RegExp(`${NOT_AFTER_WORD}${month}(\\s+(?:de\\s+)?)(\\d{4})${NOT_BEFORE_WORD}`, "giu"),
  };
});

export const dates: Rule = (text, language) => {
  const { dayFirst, monthFirst, monthOfYear } = named(language);
  const say = (date: CalendarDate, index: number) => (isReal(date) ? sayDate(date, text, index, language) : undefined);
  return [
    ...claimEach(text, ISO, (m) => say({ year: Number(m[1]), month: Number(m[2]), day: Number(m[3]) }, m.index), true),
    ...claimEach(text, NUMERIC, (m) => say(readNumeric(m, language), m.index), true),
    ...claimEach(
      text,
      dayFirst,
      (m) => sayNamed({ day: m[1], month: m[2], year: m[3] }, m.index, { text, language, isDayFirst: true }),
      true,
    ),
    ...(monthFirst === undefined
      ? []
      : claimEach(
          text,
          monthFirst,
          (m) => sayNamed({ day: m[2], month: m[1], year: m[3] }, m.index, { text, language, isDayFirst: false }),
          true,
        )),
    ...claimEach(text, monthOfYear, (m) => {
      const month = readMonth(m[1] ?? "", language);
      const name = monthNames(language.locale)[month - 1];
      return name === undefined ? undefined : `${name}${m[2] ?? " "}${language.year(Number(m[3]))}`;
    }),
    ...(language.locale.startsWith("de")
      ? claimEach(text, GERMAN_SHORT, (m) => say({ day: Number(m[1]), month: Number(m[2]) }, m.index), true)
      : []),
  ];
};

function readNumeric(match: RegExpExecArray, { dateOrder }: SpokenLanguage): CalendarDate {
  const [first, second, last] = [Number(match[1]), Number(match[3]), match[4] ?? ""];
  const year = last.length === 2 ? 2000 + Number(last) : Number(last);
  const wantsMonthFirst = match[2] === "/" && dateOrder === "mdy";
  const isMonthFirst = wantsMonthFirst ? first <= 12 : second > 12;
  return isMonthFirst ? { month: first, day: second, year } : { day: first, month: second, year };
}

function readMonth(name: string, language: SpokenLanguage): number {
  const wanted = name.toLowerCase();
  const index = monthNames(language.locale).findIndex((month) => month.toLowerCase() === wanted);
  return index >= 0 ? index + 1 : (language.shortMonths[wanted] ?? 0);
}

type Written = {
  readonly day: string | undefined;
  readonly month: string | undefined;
  readonly year: string | undefined;
};

function sayNamed(
  written: Written,
  index: number,
  { text, language, isDayFirst }: { text: string; language: SpokenLanguage; isDayFirst: boolean },
): string | undefined {
  const month = readMonth(written.month ?? "", language);
  const date: CalendarDate = {
    day: Number(written.day),
    month,
    ...(written.year === undefined ? {} : { year: Number(written.year) }),
  };
  // "may" and "march" are verbs too.
  if (!isReal(date) || (language.locale.startsWith("en") && /^(?:may|march|mar)$/.test(written.month ?? "")))
    return undefined;
  if (!language.locale.startsWith("en")) return sayDate(date, text, index, language);
  const name = monthNames(language.locale)[month - 1] ?? "";
  const nth = language.ordinal(BigInt(date.day));
  const year = date.year === undefined ? "" : ` ${language.year(date.year)}`;
  if (!isDayFirst) return `${name} ${nth}${year === "" ? "" : `,${year}`}`;
  return `${/^the$/i.test(wordBefore(text, index)) ? "" : "the "}${nth} of ${name}${year}`;
}

function sayDate(date: CalendarDate, text: string, index: number, language: SpokenLanguage): string {
  const before = wordBefore(text, index);
  const said = language.date(date, before);
  return /^the$/i.test(before) ? said.replace(/^the /, "") : said;
}

const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isReal({ day, month }: CalendarDate): boolean {
  return day >= 1 && day <= (LONGEST[month - 1] ?? 0);
}
