import { createCipheriv } from "node:crypto";
import { SRTP_SUITES, type SrtpSuite } from "./srtp-suite.ts";

export type SessionKeys = { readonly cipher: Buffer; readonly authentication: Buffer; readonly salt: Buffer };

/** Labels of RFC 3711 section 4.3.1. */
const RTP_LABELS = { cipher: 0, authentication: 1, salt: 2 };
const RTCP_LABELS = { cipher: 3, authentication: 4, salt: 5 };
const AUTHENTICATION_BYTES = 20;

/** Derives the session keys from a master key with its salt behind it, at a key derivation rate of zero. */
export function deriveKeys(suite: SrtpSuite, master: Uint8Array, of: "rtp" | "rtcp"): SessionKeys {
  const { keyBytes, saltBytes } = SRTP_SUITES[suite];
  if (master.length !== keyBytes + saltBytes)
    throw new RangeError(`A key of ${master.length} bytes: ${suite} takes ${keyBytes + saltBytes}.`);
  const labels = of === "rtp" ? RTP_LABELS : RTCP_LABELS;
  const derive = (label: number, length: number) => {
    const block = Buffer.alloc(16);
    // A 96-bit salt stands at the front too (RFC 7714 section 11).
    block.set(master.subarray(keyBytes));
    block[7] = (block[7] as number) ^ label;
    return createCipheriv("aes-128-ctr", master.subarray(0, keyBytes), block).update(Buffer.alloc(length));
  };
  return {
    cipher: derive(labels.cipher, keyBytes),
    authentication: derive(labels.authentication, AUTHENTICATION_BYTES),
    salt: derive(labels.salt, saltBytes),
  };
}
