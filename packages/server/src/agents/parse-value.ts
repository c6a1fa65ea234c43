/** Values of variables, by their types: what clients give and what models learn is checked in one way. */

import type { Value } from "@earshot/engine";
import { isValidPhoneNumber, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { z } from "zod";
import { parsePhoneNumber } from "../phone-numbers/parse-phone-number.ts";
import type { AgentSettings } from "./agent.ts";

export type ValueType = AgentSettings["variables"][number]["type"];

export type ParsedValue =
  | { readonly isValid: true; readonly value: Value }
  /** What it must be, as a sentence's end: "must be a date such as 2026-03-01". */
  | { readonly isValid: false; readonly problem: string };

const MAX_TEXT = 2000;
const emailShape = z.email().max(254);

/**
 * @param options `country`: whose phone numbers may be written without a country code, ISO 3166-1 alpha-2
 * @returns numbers and booleans as such; dates as "2026-03-01", times as "18:30", phone numbers as E.164
 */
export function parseValue(
  type: ValueType,
  raw: unknown,
  options: { readonly country?: string | undefined } = {},
): ParsedValue {
  if (typeof raw !== "string" && typeof raw !== "number" && typeof raw !== "boolean")
    return invalid("must be a text, a number or true or false");
  const text = String(raw).trim();
  switch (type) {
    case "string":
      return text !== "" && text.length <= MAX_TEXT
        ? valid(text)
        : invalid(`must be a text of 1 to ${MAX_TEXT} characters`);
    case "number":
      return parseNumber(text);
    case "boolean":
      return parseBoolean(text);
    case "date":
      return isDate(text) ? valid(text) : invalid("must be a date such as 2026-03-01");
    case "time":
      return parseTime(text);
    case "email": {
      const email = text.toLowerCase();
      return emailShape.safeParse(email).success ? valid(email) : invalid("must be an e-mail address");
    }
    case "phone":
      return parsePhone(text, options.country);
  }
}

function valid(value: Value): ParsedValue {
  return { isValid: true, value };
}

function invalid(problem: string): ParsedValue {
  return { isValid: false, problem };
}

function parseNumber(text: string): ParsedValue {
  const plain = /^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text) ? text.replaceAll(",", "") : text;
  const number = /^-?\d{1,15}(?:\.\d{1,15})?$/.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(number) ? valid(number) : invalid("must be a number such as 4 or 2.5");
}

function parseBoolean(text: string): ParsedValue {
  if (/^(?:true|yes)$/i.test(text)) return valid(true);
  return /^(?:false|no)$/i.test(text) ? valid(false) : invalid("must be true or false");
}

function isDate(text: string): boolean {
  return z.iso.date().safeParse(text).success;
}

function parseTime(text: string): ParsedValue {
  const match = /^(\d{1,2})(?::(\d{2})(?::\d{2})?)?\s*([ap])?\.?(?:m\.?)?$/i.exec(text);
  const problem = invalid("must be a time of day such as 18:30");
  if (!match || (match[2] === undefined && match[3] === undefined)) return problem;
  const [hour, minute, half] = [Number(match[1]), Number(match[2] ?? "0"), match[3]?.toLowerCase()];
  if (minute > 59 || hour > (half === undefined ? 23 : 12) || (half !== undefined && hour === 0)) return problem;
  const inDay = half === undefined ? hour : (hour % 12) + (half === "p" ? 12 : 0);
  return valid(`${String(inDay).padStart(2, "0")}:${String(minute).padStart(2, "0")}`);
}

function parsePhone(text: string, country: string | undefined): ParsedValue {
  const known = parsePhoneNumber(text)?.phoneNumber;
  if (known !== undefined) return valid(known);
  const local = toCountry(country);
  if (local !== undefined && isValidPhoneNumber(text, local)) {
    const parsed = parsePhoneNumberFromString(text, local);
    if (parsed !== undefined) return valid(parsed.number);
  }
  return invalid("must be a phone number with its country code, such as +12125550100");
}

type Country = Exclude<Parameters<typeof isValidPhoneNumber>[1], object | undefined>;

function toCountry(country: string | undefined): Country | undefined {
  return country !== undefined && /^[A-Z]{2}$/.test(country) ? (country as Country) : undefined;
}
