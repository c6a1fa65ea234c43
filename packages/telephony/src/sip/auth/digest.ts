import { createHash, timingSafeEqual } from "node:crypto";

/** RFC 7616 section 3.3; `-sess` as in RFC 2617. */
export type DigestAlgorithm = "MD5" | "MD5-sess" | "SHA-256" | "SHA-256-sess" | "SHA-512-256" | "SHA-512-256-sess";

const HASHES: Readonly<Record<DigestAlgorithm, string>> = {
  MD5: "md5",
  "MD5-sess": "md5",
  "SHA-256": "sha256",
  "SHA-256-sess": "sha256",
  "SHA-512-256": "sha512-256",
  "SHA-512-256-sess": "sha512-256",
};

/** The algorithm of that name, whatever its case; undefined when it isn't known. Absent means MD5. */
export function findAlgorithm(name = "MD5"): DigestAlgorithm | undefined {
  return (Object.keys(HASHES) as DigestAlgorithm[]).find((each) => each.toLowerCase() === name.toLowerCase());
}

/** What proves the password: the password itself, or H(user:realm:password) in hexadecimal. */
export type DigestSecret = { readonly password: string } | { readonly ha1: string };

export type DigestInput = {
  readonly algorithm: DigestAlgorithm;
  readonly username: string;
  readonly realm: string;
  readonly secret: DigestSecret;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  /** Absent: the scheme of RFC 2069, without nc and cnonce. */
  readonly qop?: "auth" | "auth-int";
  readonly nc: string;
  readonly cnonce: string;
  /** For auth-int. */
  readonly body?: Uint8Array;
};

/** The `response` of RFC 7616 section 3.4.1. */
export function digestResponse(input: DigestInput): string {
  const { algorithm, nonce, nc, cnonce, qop } = input;
  const hash = (text: string) => hexHash(algorithm, text);
  let ha1 =
    "ha1" in input.secret ? input.secret.ha1 : hash(`${input.username}:${input.realm}:${input.secret.password}`);
  if (algorithm.endsWith("-sess")) ha1 = hash(`${ha1}:${nonce}:${cnonce}`);
  const entity = qop === "auth-int" ? `:${hexHash(algorithm, input.body ?? new Uint8Array(0))}` : "";
  const ha2 = hash(`${input.method}:${input.uri}${entity}`);
  return qop === undefined ? hash(`${ha1}:${nonce}:${ha2}`) : hash(`${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`);
}

/** Compares without telling by its duration where the two differ. */
export function isSameDigest(one: string, other: string): boolean {
  const first = createHash("sha256").update(one).digest();
  return timingSafeEqual(first, createHash("sha256").update(other).digest());
}

function hexHash(algorithm: DigestAlgorithm, data: string | Uint8Array): string {
  return createHash(HASHES[algorithm]).update(data).digest("hex");
}
