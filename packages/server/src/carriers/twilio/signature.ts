import { createHash, createHmac } from "node:crypto";
import { isSameText } from "../same-text.ts";

/** A request as Twilio signed it. */
export type TwilioSigned = {
  /** As it was configured, with its query; wss: for media streams. */
  readonly url: string;
  /** Fields of a form; none for GET and for JSON. */
  readonly fields?: readonly (readonly [string, string])[];
  /** A body that is no form: its SHA-256 is in the query as bodySHA256. */
  readonly body?: string;
};

/**
 * Checks X-Twilio-Signature: HMAC-SHA1 of the URL and the sorted fields, in base64.
 * https://www.twilio.com/docs/usage/security#validating-requests
 */
export function isSignedByTwilio(authToken: string, signed: TwilioSigned, signature: string | undefined): boolean {
  if (signature === undefined || !URL.canParse(signed.url)) return false;
  const bodyHash = new URL(signed.url).searchParams.get("bodySHA256");
  if (bodyHash !== null && !isSameText(bodyHash.toLowerCase(), sha256(signed.body ?? ""))) return false;
  const fields = bodyHash === null ? (signed.fields ?? []) : [];
  return writingsOf(signed.url).some((url) => isSameText(signTwilio(authToken, url, fields), signature));
}

export function signTwilio(authToken: string, url: string, fields: TwilioSigned["fields"] = []): string {
  const sorted = [...new Map(fields.map(([name, value]) => [`${name}${value}`, { name, value }])).values()].toSorted(
    (a, b) => compare(a.name, b.name) || compare(a.value, b.value),
  );
  const text = sorted.map(({ name, value }) => `${name}${value}`).join("");
  return createHmac("sha1", authToken).update(`${url}${text}`).digest("base64");
}

/** Twilio signs some URLs with their port and others without. */
function writingsOf(url: string): string[] {
  const { protocol } = new URL(url);
  const standard = protocol === "https:" || protocol === "wss:" ? "443" : "80";
  const [, start = "", authority = "", rest = ""] = /^([a-z]+:\/\/)([^/?#]*)(.*)$/i.exec(url) ?? [];
  const host = authority.replace(/:\d+$/, "");
  const withPort = host === authority ? `${host}:${standard}` : authority;
  return [`${start}${host}${rest}`, `${start}${withPort}${rest}`];
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
