/** Whether agents of a workspace may call a number, by its rules alone. */
import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { isEmergencyNumber } from "../../phone-numbers/is-emergency-number.ts";
import { parsePhoneNumber } from "../../phone-numbers/parse-phone-number.ts";
import type { CallingRules } from "../../workspaces/calling-rules.ts";
import type { DialCode, Refusal } from "./dial.ts";

const COSTLY: ReadonlySet<string> = new Set(["PREMIUM_RATE", "SHARED_COST"]);
/** International premium rate and shared cost (ITU-T E.164 country codes 979 and 808). */
const COSTLY_PREFIX = /^\+(?:979|808)/;

/**
 * Undefined: it may be called.
 * @param to E.164
 * @param ownCountries of the workspace's numbers; count where the rules name none
 */
export function judgeDestination(
  rules: CallingRules,
  to: string,
  ownCountries: readonly string[],
): Refusal | undefined {
  if (isEmergencyNumber(to)) return refuse("emergency_number", `${to} is an emergency or service number`);
  if (rules.blockedPrefixes.some((prefix) => to.startsWith(prefix)))
    return refuse("destination_not_allowed", `${to} begins with a prefix that the workspace has blocked`);
  const type = parsePhoneNumberFromString(to)?.getType();
  if (!rules.allowsPremiumRate && (COSTLY_PREFIX.test(to) || (type !== undefined && COSTLY.has(type))))
    return refuse("premium_rate", `${to} is a premium-rate number: calling.allowsPremiumRate would let it be called`);
  if (rules.allowsAnyCountry || rules.prefixes.some((prefix) => to.startsWith(prefix))) return undefined;
  const country = parsePhoneNumber(to)?.country ?? parsePhoneNumberFromString(to)?.country;
  const allowed = rules.countries ?? ownCountries;
  if (country !== undefined && allowed.includes(country)) return undefined;
  const where = country === undefined ? "no country that is known" : country;
  const which = allowed.length === 0 ? "none" : allowed.join(", ");
  return refuse(
    "destination_not_allowed",
    `${to} is in ${where}; the workspace may call ${which}: calling.countries or calling.prefixes would let it be called`,
  );
}

export function refuse(code: DialCode, error: string): Refusal {
  return { reason: "rejected", error: error.slice(0, 500), dial: { code } };
}
