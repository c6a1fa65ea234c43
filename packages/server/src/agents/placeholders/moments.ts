/** Dates and times as placeholders show them. */

import { toEpochMs } from "../../wall-clock.ts";

export type Place = {
  /** BCP 47. */
  readonly locale: string;
  /** IANA; where none is given. */
  readonly timeZone: string;
};

/** A moment, in ms since 1970, and what is shown of it when nothing else is asked for. */
export type Moment = { readonly atMs: number; readonly show: MomentPart };
export type MomentPart = "moment" | "date" | "time" | "day" | "month" | "year";

const SHOWN: Readonly<Record<MomentPart, Intl.DateTimeFormatOptions>> = {
  moment: { dateStyle: "full", timeStyle: "short" },
  date: { dateStyle: "full" },
  time: { timeStyle: "short" },
  day: { weekday: "long" },
  month: { month: "long" },
  year: { year: "numeric" },
};

export function showMoment({ atMs, show }: Moment, { locale, timeZone }: Place): string {
  return new Intl.DateTimeFormat(locale, { ...SHOWN[show], timeZone }).format(atMs).replace(/\u202f/g, " ");
}

const STYLES: readonly string[] = ["short", "medium", "long", "full"];

/**
 * `format`: "short", "medium", "long", "full", "iso", or a pattern: "EEEE, d MMMM yyyy HH:mm", "%A, %d %B %Y %H:%M".
 */
export function formatMoment(atMs: number, format: string, place: Place): string {
  const { locale, timeZone } = place;
  if (STYLES.includes(format))
    return new Intl.DateTimeFormat(locale, { dateStyle: format as "short", timeZone }).format(atMs);
  const parts = readParts(atMs, place);
  if (format === "iso") return `${parts["yyyy"]}-${parts["MM"]}-${parts["dd"]}`;
  if (format.includes("%"))
    return format.replace(/%([A-Za-z])/g, (whole, letter: string) => parts[STRFTIME[letter] ?? ""] ?? whole);
  return format.replace(/yyyy|yy|MMMM|MMM|MM|M|dd|d|EEEE|EEE|HH|H|hh|h|mm|ss|a/g, (token) => parts[token] ?? token);
}

const STRFTIME: Readonly<Record<string, string>> = {
  Y: "yyyy",
  y: "yy",
  m: "MM",
  d: "dd",
  e: "d",
  B: "MMMM",
  b: "MMM",
  A: "EEEE",
  a: "EEE",
  H: "HH",
  I: "hh",
  l: "h",
  M: "mm",
  S: "ss",
  p: "a",
};

function readParts(atMs: number, { locale, timeZone }: Place): Readonly<Record<string, string>> {
  const part = (options: Intl.DateTimeFormatOptions, type: Intl.DateTimeFormatPartTypes, of = locale) =>
    new Intl.DateTimeFormat(of, { ...options, timeZone }).formatToParts(atMs).find((each) => each.type === type)
      ?.value ?? "";
  const digits = new Intl.DateTimeFormat("en-GB", {
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" },
    ...{ hourCycle: "h23", timeZone },
  }).formatToParts(atMs);
  const digit = (type: Intl.DateTimeFormatPartTypes) => digits.find((each) => each.type === type)?.value ?? "";
  const hour = Number(digit("hour"));
  const twelve = String(hour % 12 === 0 ? 12 : hour % 12);
  return {
    yyyy: digit("year"),
    yy: digit("year").slice(-2),
    MM: digit("month"),
    M: String(Number(digit("month"))),
    dd: digit("day"),
    d: String(Number(digit("day"))),
    HH: digit("hour"),
    H: String(hour),
    hh: twelve.padStart(2, "0"),
    h: twelve,
    mm: digit("minute"),
    ss: digit("second"),
    a: hour < 12 ? "AM" : "PM",
    // With a day beside it: many languages inflect a month that stands in a date.
    MMMM: part({ month: "long", day: "numeric" }, "month"),
    MMM: part({ month: "short", day: "numeric" }, "month"),
    EEEE: part({ weekday: "long" }, "weekday"),
    EEE: part({ weekday: "short" }, "weekday"),
  };
}

/** Known ones, as they were written: to look one up takes milliseconds. */
const timeZones = new Set<string>();
const MAX_TIME_ZONES = 1_000;

export function isTimeZone(name: string): boolean {
  if (timeZones.has(name)) return true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
  } catch {
    return false;
  }
  if (!/[A-Za-z]/.test(name)) return false;
  if (timeZones.size >= MAX_TIME_ZONES) timeZones.clear();
  timeZones.add(name);
  return true;
}

/** "2026-11-22", "2026-11-22T09:30Z", "2026-11-22 09:30"; without a zone: UTC. */
export function readMoment(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    text.trim(),
  );
  if (!match) return undefined;
  const atMs = toEpochMs(`${match[1]}T${match[2] ?? "00:00"}${match[3] ?? "Z"}`);
  return Number.isNaN(atMs) ? undefined : atMs;
}
