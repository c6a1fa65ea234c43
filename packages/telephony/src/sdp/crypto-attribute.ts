/** Keys for SRTP in the description itself: `a=crypto` (RFC 4568 "SDES"). */
import { SRTP_SUITES, type SrtpSuite } from "../srtp/srtp-suite.ts";

export type CryptoAttribute = {
  /** Joins an answer's line to the offer's. */
  readonly tag: number;
  readonly suite: SrtpSuite;
  /** Master key, then master salt. */
  readonly key: Uint8Array;
};

/** Reads one `a=crypto` value; undefined for suites, key methods and session parameters that we don't have. */
export function readCrypto(value: string): CryptoAttribute | undefined {
  const parts = /^(\d{1,9})\s+(\S+)\s+inline:([A-Za-z0-9+/]+={0,2})((?:\|[^\s;|]*){0,2})(\s+.*)?$/.exec(value);
  if (!parts) return undefined;
  const [, tag, suite = "", encoded = "", keyParameters = "", sessionParameters = ""] = parts;
  if (!isSuite(suite) || /:/.test(keyParameters)) return undefined;
  // Parameters that weaken or change the stream must be honoured or refused (section 6.3); we refuse.
  if (/UNENCRYPTED|UNAUTHENTICATED|KDR|FEC_/i.test(sessionParameters)) return undefined;
  const key = new Uint8Array(Buffer.from(encoded, "base64"));
  const { keyBytes, saltBytes } = SRTP_SUITES[suite];
  return key.length === keyBytes + saltBytes ? { tag: Number(tag), suite, key } : undefined;
}

export function writeCrypto({ tag, suite, key }: CryptoAttribute): string {
  return `${tag} ${suite} inline:${Buffer.from(key).toString("base64")}`;
}

function isSuite(name: string): name is SrtpSuite {
  return Object.hasOwn(SRTP_SUITES, name);
}
