/** The signatures that the APIs put on webhooks: HMAC-SHA256 in hex, keyed with the secret's text as it is shown. */
import { createHmac, timingSafeEqual } from "node:crypto";

/** What is signed: the body, or "<unix seconds>.<body>". */
export type SignedText = { readonly body: string; readonly timestampS?: number };

/** 64 hex digits. Wordcab's signature as it is; AgentPhone, HMS and Voicy write "sha256=" before it. */
export function signHex(secret: string, { body, timestampS }: SignedText): string {
  const hmac = createHmac("sha256", secret);
  if (timestampS !== undefined) hmac.update(`${timestampS}.`);
  return hmac.update(body).digest("hex");
}

/** "sha256=" and 64 hex digits. */
export function signWithPrefix(secret: string, text: SignedText): string {
  return `sha256=${signHex(secret, text)}`;
}

/** Ours: "t=<unix seconds>,v1=<hex>", with one v1 for each key. */
export function signEarshot(
  secrets: readonly string[],
  text: { readonly body: string; readonly timestampS: number },
): string {
  return [`t=${text.timestampS}`, ...secrets.map((secret) => `v1=${signHex(secret, text)}`)].join(",");
}

/** Checks `signHex` and `signWithPrefix` alike, in constant time. */
export function verifyHex(secret: string, text: SignedText, signature: string): boolean {
  const given = Buffer.from(signature.replace(/^sha256=/, ""), "hex");
  const wanted = Buffer.from(signHex(secret, text), "hex");
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/**
 * Checks the header Earshot-Signature.
 * @param options `nowS`: unix seconds; `toleranceS`: how old or early it may be, 300 by default
 */
export function verifyEarshot(
  secret: string,
  signed: { readonly body: string; readonly signature: string },
  options: { readonly nowS: number; readonly toleranceS?: number },
): boolean {
  const parts = signed.signature.split(",").map((part) => part.split("=", 2));
  const timestampS = Number(parts.find(([name]) => name === "t")?.[1] ?? Number.NaN);
  if (!(Math.abs(options.nowS - timestampS) <= (options.toleranceS ?? 300))) return false;
  const text = { body: signed.body, timestampS };
  return parts.some(([name, value = ""]) => name === "v1" && verifyHex(secret, text, value));
}
