/** What a placeholder may do with its value. A filter that can't leaves the value as it is. */

import { formatMoment, isTimeZone, type Moment, type Place, readMoment, showMoment } from "./moments.ts";

export type Shown = string | Moment;

/** What a filter works with besides the value. */
export type FilterScene = Place & { readonly nowMs: number };

type Apply = (value: Shown, args: readonly string[], scene: FilterScene) => Shown;

const onText =
  (change: (text: string, args: readonly string[], scene: FilterScene) => string): Apply =>
  (value, args, scene) =>
    change(toText(value, scene), args, scene);

const FILTERS: Readonly<Record<string, Apply>> = {
  upper: onText((text) => text.toUpperCase()),
  lower: onText((text) => text.toLowerCase()),
  capitalize: onText((text) => text.replace(/\p{L}/u, (letter) => letter.toUpperCase())),
  title: onText((text) => text.toLowerCase().replace(/(?<![\p{L}\p{N}'’])\p{L}/gu, (letter) => letter.toUpperCase())),
  trim: onText((text) => text.trim().replace(/\s+/g, " ")),
  truncate: onText((text, [length = "100", end = "…"]) => truncate(text, Number(length), end)),
  replace: onText((text, [from = "", to = ""]) => (from === "" ? text : text.replaceAll(from, to))),
  append: onText((text, [end = ""]) => text + end),
  prepend: onText((text, [start = ""]) => start + text),
  first: onText((text) => text.trim().split(/[\s,;]+/)[0] ?? ""),
  last: onText(
    (text) =>
      text
        .trim()
        .split(/[\s,;]+/)
        .at(-1) ?? "",
  ),
  json: onText((text) => JSON.stringify(text)),
  spell: onText((text) => Array.from(text.replace(/\s+/g, "")).join(" ")),
  phone: onText(groupDigits),
  number: onText((text, [decimals], { locale }) => formatNumber(text, locale, decimalsOf(decimals))),
  currency: onText((text, [code = "USD"], { locale }) => formatMoney(text, locale, code)),
  date: (value, args, scene) => formatDate(value, args, scene, "date"),
  time: (value, args, scene) => formatDate(value, args, scene, "time"),
  day: (value, args, scene) => formatDate(value, args, scene, "day"),
  month: (value, args, scene) => formatDate(value, args, scene, "month"),
  year: (value, args, scene) => formatDate(value, args, scene, "year"),
};

const ALIASES: Readonly<Record<string, string>> = {
  uppercase: "upper",
  upcase: "upper",
  lowercase: "lower",
  downcase: "lower",
  strip: "trim",
  money: "currency",
  weekday: "day",
};

function find(name: string): Apply | undefined {
  const own = ALIASES[name] ?? name;
  return Object.hasOwn(FILTERS, own) ? FILTERS[own] : undefined;
}

export function isFilter(name: string): boolean {
  return name === "default" || find(name) !== undefined;
}

/** `default` isn't among them: whoever looks the value up knows whether there is one. */
export function applyFilter(name: string, value: Shown, args: readonly string[], scene: FilterScene): Shown {
  return find(name)?.(value, args, scene) ?? value;
}

export function toText(value: Shown, place: Place): string {
  return typeof value === "string" ? value : showMoment(value, place);
}

/** Arguments in any order: a format and a zone. */
function formatDate(value: Shown, args: readonly string[], scene: FilterScene, show: Moment["show"]): Shown {
  const atMs = typeof value === "string" ? toMoment(value, scene) : value.atMs;
  if (atMs === undefined) return value;
  const isDateOnly = typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value.trim());
  const zone = args.find(isTimeZone);
  const place = { ...scene, timeZone: zone ?? (isDateOnly ? "UTC" : scene.timeZone) };
  const format = args.find((arg) => arg !== zone);
  return format === undefined ? showMoment({ atMs, show }, place) : formatMoment(atMs, format, place);
}

function toMoment(text: string, { nowMs }: FilterScene): number | undefined {
  if (/^(?:now|today)$/i.test(text.trim())) return nowMs;
  const time = /^(\d{1,2}):(\d{2})$/.exec(text.trim());
  return time ? undefined : readMoment(text);
}

function truncate(text: string, length: number, end: string): string {
  const letters = Array.from(text);
  if (!Number.isInteger(length) || length < 1 || letters.length <= length) return text;
  return letters.slice(0, length).join("").trimEnd() + end;
}

/** "+12125550100" as people read it: "+1 212 555 0100". */
function groupDigits(text: string): string {
  const digits = text.replace(/\D/g, "");
  if (digits.length < 5) return text;
  const isAmerican = digits.length === 11 && digits.startsWith("1");
  const head = isAmerican ? ["1"] : [];
  const rest = isAmerican ? digits.slice(1) : digits;
  const groups =
    rest.length === 10 ? [rest.slice(0, 3), rest.slice(3, 6), rest.slice(6)] : (rest.match(/\d{1,3}/g) ?? []);
  return (text.trim().startsWith("+") ? "+" : "") + [...head, ...groups].join(" ");
}

function decimalsOf(text: string | undefined): number | undefined {
  const decimals = Number(text ?? Number.NaN);
  return Number.isInteger(decimals) && decimals >= 0 && decimals <= 10 ? decimals : undefined;
}

function formatNumber(text: string, locale: string, decimals: number | undefined): string {
  const number = toNumber(text);
  if (number === undefined) return text;
  const digits = decimals === undefined ? {} : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return new Intl.NumberFormat(locale, digits).format(number);
}

function formatMoney(text: string, locale: string, currency: string): string {
  const number = toNumber(text);
  if (number === undefined || !/^[A-Za-z]{3}$/.test(currency)) return text;
  return new Intl.NumberFormat(locale, { style: "currency", currency }).format(number);
}

function toNumber(text: string): number | undefined {
  const trimmed = text.trim();
  return /^-?\d+(?:\.\d+)?$/.test(trimmed) ? Number(trimmed) : undefined;
}
