/** Protection profiles of RFC 4568 section 6.2 and RFC 7714, under the names that `a=crypto` uses. */
export const SRTP_SUITES = {
  AES_CM_128_HMAC_SHA1_80: { keyBytes: 16, saltBytes: 14, tagBytes: 10, isAead: false },
  AES_CM_128_HMAC_SHA1_32: { keyBytes: 16, saltBytes: 14, tagBytes: 4, isAead: false },
  AEAD_AES_128_GCM: { keyBytes: 16, saltBytes: 12, tagBytes: 16, isAead: true },
} as const;

export type SrtpSuite = keyof typeof SRTP_SUITES;
