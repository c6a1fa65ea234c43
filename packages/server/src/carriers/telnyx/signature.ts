import { createPublicKey, verify } from "node:crypto";

/** What stands before a raw Ed25519 key in a SubjectPublicKeyInfo (RFC 8410). */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
const KEY_BYTES = 32;

/** A request with the headers telnyx-signature-ed25519 and telnyx-timestamp. */
export type TelnyxSigned = {
  /** Byte for byte as it came. */
  readonly body: string;
  /** Base64. */
  readonly signature: string | undefined;
  /** Unix seconds. */
  readonly timestamp: string | undefined;
};

/**
 * Checks that Telnyx signed "<timestamp>|<body>" with Ed25519, and not long ago.
 * https://developers.telnyx.com/development/api-fundamentals/webhooks/receiving-webhooks
 * @param publicKey 32 bytes in base64, as the portal shows it
 * @param options `toleranceS`: how old or early it may be, 300 by default
 */
export function isSignedByTelnyx(
  publicKey: string,
  { body, signature, timestamp }: TelnyxSigned,
  options: { readonly nowS: number; readonly toleranceS?: number },
): boolean {
  if (signature === undefined || timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(options.nowS - Number(timestamp)) > (options.toleranceS ?? 300)) return false;
  const raw = Buffer.from(publicKey, "base64");
  if (raw.length !== KEY_BYTES) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: "der", type: "spki" });
  return verify(null, Buffer.from(`${timestamp}|${body}`), key, Buffer.from(signature, "base64"));
}
