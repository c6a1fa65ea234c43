import { parsePhoneNumberFromString } from "libphonenumber-js/max";

const EMERGENCY_DIGITS = 3;

/**
 * Whether a destination is an emergency or another three-digit service (911, 112, N11 and so on), however it is written:
 * with or without +1, as a SIP or tel URI. An agent must never reach one.
 */
export function isEmergencyNumber(destination: string): boolean {
  const user = dialledUser(destination);
  if (!/^[+\d\s().-]+$/.test(user)) return false;
  // A prefix of calls abroad before it leads there all the same.
  const digits = user.replaceAll(/\D/g, "").replace(/^(?:00|011)(?=\d{3,4}$)/, "");
  if (digits.length <= EMERGENCY_DIGITS) return digits.length > 0;
  if (/^1[2-9]11$/.test(digits)) return true;
  if (!user.startsWith("+")) return false;
  const national = parsePhoneNumberFromString(`+${digits}`)?.nationalNumber;
  return national !== undefined && national.length <= EMERGENCY_DIGITS;
}

/** Whom a number, a SIP URI or a tel URI names: without scheme, password, parameters and host, and with %39 read as 9. */
export function dialledUser(destination: string): string {
  const user = destination
    .trim()
    .replace(/^(?:sips?|tel):/i, "")
    .replace(/[@;:].*$/s, "");
  return unescaped(user).normalize("NFKC").trim();
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
