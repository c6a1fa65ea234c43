import { createVerify, X509Certificate } from "node:crypto";

/** HashAlgorithm and the schemes of TLS 1.2 (RFC 5246 section 7.4.1.4.1) that browsers sign with. */
const HASHES: Readonly<Record<number, string>> = { 2: "sha1", 4: "sha256", 5: "sha384", 6: "sha512" };
const NAMED_CURVE = 3;

/**
 * Whether a ServerKeyExchange (RFC 8422 section 5.4) is signed with the certificate's key.
 * @param of `randoms`: the client's and the server's
 */
export function isSignedKeyExchange(
  message: Uint8Array | undefined,
  of: { readonly certificate: Uint8Array; readonly randoms: readonly [Uint8Array, Uint8Array] },
): boolean {
  const bytes = Buffer.from(message ?? []);
  const keyLength = bytes[3] ?? 0;
  const end = 4 + keyLength;
  if (bytes[0] !== NAMED_CURVE || bytes.length < end + 4) return false;
  const hash = HASHES[bytes[end] ?? 0];
  const signature = bytes.subarray(end + 4, end + 4 + bytes.readUInt16BE(end + 2));
  if (hash === undefined || signature.length === 0) return false;
  try {
    const { publicKey } = new X509Certificate(of.certificate);
    const verify = createVerify(hash);
    for (const random of of.randoms) verify.update(random);
    return verify.update(bytes.subarray(0, end)).verify(publicKey, signature);
  } catch {
    // A certificate that can't be read.
    return false;
  }
}
