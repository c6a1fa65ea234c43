import { parseNumber } from "./parse-number.ts";

const WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday";
const MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december";
const ORDINALS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    first: 1,
    second: 2,
    third: 3,
    fourth: 4,
    fifth: 5,
    sixth: 6,
    seventh: 7,
    eighth: 8,
    ninth: 9,
    tenth: 10,
    eleventh: 11,
    twelfth: 12,
    thirteenth: 13,
    fourteenth: 14,
    fifteenth: 15,
    sixteenth: 16,
    seventeenth: 17,
    eighteenth: 18,
    nineteenth: 19,
    twentieth: 20,
    thirtieth: 30,
  }),
);

/**
 * A day in the words that name it best: "2026-11-24", "March 3", "next Tuesday", "tomorrow". Days that are counted from
 * today stay words: nothing here knows the date.
 */
export function parseDate(words: string): string | undefined {
  const iso = /\b\d{4}-\d{2}-\d{2}\b/.exec(words)?.[0];
  if (iso !== undefined) return iso;
  const monthDay = parseMonthDay(words);
  if (monthDay !== undefined) return monthDay;
  const relative = /\b(?:the )?day after tomorrow\b|\btomorrow\b|\btoday\b|\btonight\b|\bnext week\b/.exec(words)?.[0];
  if (relative !== undefined) return relative;
  const weekday = new RegExp(`\\b(?:(next|this|coming) )?(${WEEKDAYS})s?\\b`).exec(words);
  if (weekday === null) return undefined;
  const [, which, day = ""] = weekday;
  return which === undefined ? capitalise(day) : `${which} ${capitalise(day)}`;
}

function parseMonthDay(words: string): string | undefined {
  const month = new RegExp(`\\b(${MONTHS})\\b`).exec(words);
  if (month === null) return undefined;
  const name = capitalise(month[1] ?? "");
  const after = parseDay(words.slice(month.index + name.length).trim());
  const before = parseDay(
    words
      .slice(0, month.index)
      .replace(/\b(?:the|of)\b/g, " ")
      .trim()
      .split(/\s+/)
      .slice(-2)
      .join(" "),
  );
  const day = after ?? before;
  return day === undefined ? undefined : `${name} ${day}`;
}

function parseDay(words: string): number | undefined {
  const [first = "", second = ""] = words.replace(/^the /, "").replaceAll("-", " ").split(" ");
  const digits = /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(first)?.[1];
  const tens = first === "twenty" ? 20 : 30;
  const compound = first === "twenty" || first === "thirty" ? ORDINALS.get(second) : undefined;
  const day =
    digits !== undefined
      ? Number(digits)
      : ((compound !== undefined && compound < 10 ? tens + compound : undefined) ??
        ORDINALS.get(first) ??
        parseNumber(`${first} ${second}`));
  return day !== undefined && Number.isInteger(day) && day >= 1 && day <= 31 ? day : undefined;
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
