import { createHash, X509Certificate } from "node:crypto";
import { CipherContext, HashAlgorithm, NamedCurveAlgorithm, SignatureAlgorithm } from "werift";
import type { Fingerprint } from "../../sdp/web-rtc-offer.ts";

export type Certificate = Awaited<ReturnType<typeof CipherContext.createSelfSignedCertificateWithKey>> & {
  readonly fingerprint: Fingerprint;
};

let made: Promise<Certificate> | undefined;

/** One for all connections of this thread: what proves a connection is its fingerprint, told over the signalling. */
export function makeCertificate(): Promise<Certificate> {
  made ??= make();
  return made;
}

async function make(): Promise<Certificate> {
  const pair = await CipherContext.createSelfSignedCertificateWithKey(
    { signature: SignatureAlgorithm.ecdsa_3, hash: HashAlgorithm.sha256_4 },
    NamedCurveAlgorithm.secp256r1_23,
  );
  const { raw } = new X509Certificate(pair.certPem);
  return { ...pair, fingerprint: { hash: "sha256", hex: createHash("sha256").update(raw).digest("hex") } };
}
