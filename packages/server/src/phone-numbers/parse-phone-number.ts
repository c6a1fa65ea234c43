import { isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { z } from "zod";
import { storableText } from "../storable-text.ts";
import { fictitiousCountry } from "./fictitious-ranges.ts";

export type ParsedPhoneNumber = {
  /** E.164. */
  readonly phoneNumber: string;
  /** ISO 3166-1 alpha-2; absent for numbers of no country, such as satellite phones. */
  readonly country?: string;
};

/** A complete number, with +, its spaces and brackets removed; undefined when nobody can have it. */
export function parsePhoneNumber(text: string): ParsedPhoneNumber | undefined {
  const trimmed = text.trim();
  if (!/^\+[\d\s().-]{5,40}$/.test(trimmed)) return undefined;
  const phoneNumber = `+${trimmed.replaceAll(/\D/g, "")}`;
  const fictitious = fictitiousCountry(phoneNumber);
  if (fictitious !== undefined) return { phoneNumber, ...(fictitious === "" ? {} : { country: fictitious }) };
  const parsed = parsePhoneNumberFromString(phoneNumber);
  if (parsed?.isValid() !== true || parsed.ext !== undefined) return undefined;
  return { phoneNumber: parsed.number, ...(parsed.country === undefined ? {} : { country: parsed.country }) };
}

export const phoneNumberTextShape = storableText({ min: 3, max: 40 })
  .refine((text) => parsePhoneNumber(text) !== undefined, "must be a phone number in E.164, such as +12125550100")
  .meta({ description: "E.164.", example: "+12125550100" });

/** The text as E.164; as it is when it is no phone number. */
export function toE164(text: string): string {
  return parsePhoneNumber(text)?.phoneNumber ?? text;
}

export const countryShape = z
  .string()
  .regex(/^[A-Z]{2}$/, "must be two capital letters, such as US")
  .refine(isSupportedCountry, "must be a country or territory with telephone numbers, such as US")
  .describe("ISO 3166-1 alpha-2.");
