import { z } from "zod";
import { invalidField } from "../app-error.ts";
import { isEmergencyNumber } from "../phone-numbers/is-emergency-number.ts";
import { parsePhoneNumber } from "../phone-numbers/parse-phone-number.ts";

const SHORT_CODE = /^\d{4,8}$/;
const emailShape = z.email().max(320);

/** Whether an address is a group's id. */
export function isGroupId(address: string): boolean {
  return address.startsWith("grp_");
}

/**
 * Somebody to write to: a number (becomes E.164), a short code or an e-mail address.
 * @param field named in the error
 * @throws AppError `invalid_request`
 */
export function parseDestination(text: string, field: string): string {
  const trimmed = text.trim();
  if (isEmergencyNumber(trimmed)) throw invalidField(field, "must not be an emergency number or a service of 3 digits");
  const number = parsePhoneNumber(trimmed)?.phoneNumber;
  if (number !== undefined) return number;
  if (SHORT_CODE.test(trimmed)) return trimmed;
  if (emailShape.safeParse(trimmed).success) return trimmed.toLowerCase();
  throw invalidField(field, "must be a number in E.164 such as +12125550100, a short code or an e-mail address");
}
