import { createSign } from "node:crypto";

/** How long a token is good for. */
const LASTS_S = 300;

/** What an application proves itself with: a JSON Web Token, RS256. @throws Error when the key can't be read */
export function createApplicationToken(
  { applicationId, privateKey }: { readonly applicationId: string; readonly privateKey: string },
  { nowS, tokenId }: { readonly nowS: number; readonly tokenId: string },
): string {
  const claims = { application_id: applicationId, iat: nowS, exp: nowS + LASTS_S, jti: tokenId };
  const text = [{ alg: "RS256", typ: "JWT" }, claims].map(encode).join(".");
  return `${text}.${createSign("RSA-SHA256").update(text).sign(privateKey, "base64url")}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
