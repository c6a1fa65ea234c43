import { createHmac } from "node:crypto";
import { isSameText } from "../same-text.ts";

/** A request with its nonce, from X-Plivo-Signature-V3-Nonce. */
export type PlivoSigned = {
  readonly method: "GET" | "POST";
  /** As it was configured, with its query. */
  readonly url: string;
  /** Fields of a form. */
  readonly fields?: readonly (readonly [string, string])[];
  readonly nonce: string | undefined;
};

/**
 * Checks Plivo's signature V3: HMAC-SHA256 of the URL, its sorted query, the sorted fields and the nonce, in base64.
 * https://www.plivo.com/docs/voice/concepts/signature-validation
 * @param signatures of X-Plivo-Signature-V3 (the token of the number's account) and X-Plivo-Signature-Ma-V3 (of the main
 *   account); each may hold several, with commas: one that fits is enough
 */
export function isSignedByPlivo(
  authToken: string,
  signed: PlivoSigned,
  signatures: readonly (string | undefined)[],
): boolean {
  if (signed.nonce === undefined || signed.nonce === "" || !URL.canParse(signed.url)) return false;
  const wanted = signPlivo(authToken, { ...signed, nonce: signed.nonce });
  const given = signatures.flatMap((header) => header?.split(",") ?? []);
  return given.some((signature) => isSameText(signature.trim(), wanted));
}

export function signPlivo(authToken: string, signed: PlivoSigned & { readonly nonce: string }): string {
  return createHmac("sha256", authToken)
    .update(`${toSignedUrl(signed)}.${signed.nonce}`)
    .digest("base64");
}

function toSignedUrl({ method, url, fields = [] }: PlivoSigned): string {
  const base = url.replace(/[?#].*$/, "");
  const query = [...new URL(url).searchParams];
  if (method === "GET") {
    const text = join([...query, ...fields], "=", "&");
    return text === "" ? base : `${base}?${text}`;
  }
  const text = join(query, "=", "&");
  if (fields.length === 0) return text === "" ? base : `${base}?${text}`;
  return `${base}?${text}${text === "" ? "" : "."}${join(fields, "", "")}`;
}

function join(pairs: readonly (readonly [string, string])[], between: string, after: string): string {
  const sorted = pairs.toSorted(([a, first], [b, second]) => compare(a, b) || compare(first, second));
  return sorted.map(([name, value]) => `${name}${between}${value}`).join(after);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
