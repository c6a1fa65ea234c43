import { createHash, createHmac } from "node:crypto";
import { z } from "zod";
import { isSameText } from "../same-text.ts";

/** A request with its header Authorization. */
export type VonageSigned = {
  readonly authorization: string | undefined;
  /** Byte for byte as it came; empty for GET. */
  readonly body: string;
  /** Of GET, in the order in which it came. */
  readonly query?: readonly (readonly [string, string])[];
};

const headerShape = z.object({ alg: z.literal("HS256") });
const claimsShape = z.object({ iat: z.number(), payload_hash: z.string().optional(), api_key: z.string().optional() });

/**
 * Checks the JSON Web Token of a signed webhook: HS256 with the account's signature secret, made not long ago, for this
 * body. https://developer.vonage.com/en/getting-started/concepts/webhooks#decoding-signed-webhooks
 * @param options `toleranceS`: how old or early it may be, 300 by default
 */
export function isSignedByVonage(
  credentials: { readonly signatureSecret: string; readonly apiKey: string },
  { authorization, body, query = [] }: VonageSigned,
  options: { readonly nowS: number; readonly toleranceS?: number },
): boolean {
  const [, header = "", claims = "", signature = ""] =
    /^Bearer +([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(authorization ?? "") ?? [];
  if (!headerShape.safeParse(decode(header)).success) return false;
  const wanted = createHmac("sha256", credentials.signatureSecret).update(`${header}.${claims}`).digest("base64url");
  if (!isSameText(signature, wanted)) return false;
  const parsed = claimsShape.safeParse(decode(claims));
  if (!parsed.success) return false;
  const { iat, payload_hash: hash, api_key: apiKey } = parsed.data;
  if (apiKey !== undefined && apiKey !== credentials.apiKey) return false;
  if (Math.abs(options.nowS - iat) > (options.toleranceS ?? 300)) return false;
  const payload = body === "" ? JSON.stringify(Object.fromEntries(query)) : body;
  // Without a hash the token would sign any body.
  if (hash === undefined) return body === "";
  return isSameText(hash.toLowerCase(), createHash("sha256").update(payload).digest("hex"));
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
