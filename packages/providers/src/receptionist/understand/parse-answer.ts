import type { SlotType } from "../slots.ts";
import { isNo, isYes } from "./intents.ts";
import { parseDate } from "./parse-date.ts";
import { parseEmail, speakEmail } from "./parse-email.ts";
import { parseName } from "./parse-name.ts";
import { parseDigits, parseNumber } from "./parse-number.ts";
import { parseTime, speakTime } from "./parse-time.ts";
import { isGarbage, normalise, stripLeadIns } from "./words.ts";

export type SlotValue = string | number | boolean;

const PHONE_DIGITS = { min: 7, max: 15 };
const MAX_TEXT_CHARS = 500;

/** What a caller's words say about a question of this type; undefined where they don't answer it. */
export function parseAnswer(type: SlotType, text: string): SlotValue | undefined {
  if (isGarbage(text)) return undefined;
  const words = normalise(text);
  switch (type) {
    case "name":
      return parseName(text);
    case "number":
      return parseNumber(words);
    case "boolean":
      return parseBoolean(words);
    case "date":
      return parseDate(words);
    case "time":
      return parseTime(words);
    case "email":
      return parseEmail(words);
    case "phone":
      return parsePhone(words);
    case "string":
      return parseText(text, words);
    case "message":
      return text.trim().slice(0, MAX_TEXT_CHARS);
    default:
      return type satisfies never;
  }
}

function parseBoolean(words: string): boolean | undefined {
  if (isYes(words)) return true;
  return isNo(words) ? false : undefined;
}

function parsePhone(words: string): string | undefined {
  const digits = parseDigits(words);
  const count = digits.replace("+", "").length;
  return count >= PHONE_DIGITS.min && count <= PHONE_DIGITS.max ? digits : undefined;
}

function parseText(text: string, words: string): string | undefined {
  const rest = stripLeadIns(words);
  if (rest === "") return undefined;
  // The caller's own capitals, where the words are still together in what was recognised.
  const start = text.toLowerCase().lastIndexOf(rest);
  return (start === -1 ? rest : text.slice(start, start + rest.length)).slice(0, MAX_TEXT_CHARS);
}

/** The value as it is said to the caller. */
export function speakValue(type: SlotType, value: SlotValue): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return String(value);
  if (type === "email") return speakEmail(value);
  if (type === "time") return speakTime(value);
  if (type === "phone") return speakPhone(value);
  return value;
}

/** "3:30 p.m." has its full stop already. */
export function finish(spoken: string): string {
  return spoken.endsWith(".") ? spoken : `${spoken}.`;
}

/** Digits one by one, in threes with a pause, the last four together. */
function speakPhone(digits: string): string {
  const body = digits.replace("+", "");
  const groups = body.slice(0, -4).match(/\d{1,3}/g) ?? [];
  const spoken = [...groups, body.slice(-4)].map((group) => [...group].join(" ")).join(", ");
  return digits.startsWith("+") ? `plus ${spoken}` : spoken;
}
