import { createSign, randomBytes, X509Certificate } from "node:crypto";
import { expect, it } from "vitest";
import { makeCertificate } from "./certificate.ts";
import { isSignedKeyExchange } from "./key-exchange.ts";

const RANDOMS = [randomBytes(32), randomBytes(32)] as const;

/** A ServerKeyExchange with a key of x25519. */
async function makeExchange(randoms: readonly [Uint8Array, Uint8Array] = RANDOMS) {
  const { certPem, keyPem } = await makeCertificate();
  const parameters = Buffer.concat([Buffer.of(3, 0, 29, 32), randomBytes(32)]);
  const sign = createSign("sha256");
  for (const part of [...randoms, parameters]) sign.update(part);
  const signature = sign.sign(keyPem);
  const message = Buffer.concat([
    parameters,
    Buffer.of(4, 3, signature.length >> 8, signature.length & 255),
    signature,
  ]);
  return { message, certificate: new Uint8Array(new X509Certificate(certPem).raw) };
}

it("knows a key that is signed with the certificate", async () => {
  const { message, certificate } = await makeExchange();
  expect(isSignedKeyExchange(message, { certificate, randoms: RANDOMS })).toBe(true);
});

it("takes no key of somebody between, of another handshake, or without a signature", async () => {
  const { message, certificate } = await makeExchange();
  const of = { certificate, randoms: RANDOMS };
  const swapped = Buffer.from(message);
  swapped.fill(7, 4, 36);
  expect(isSignedKeyExchange(swapped, of)).toBe(false);
  expect(isSignedKeyExchange((await makeExchange([RANDOMS[1], RANDOMS[0]])).message, of)).toBe(false);
  expect(isSignedKeyExchange(undefined, of)).toBe(false);
  for (let length = 0; length < message.length; length++)
    expect(isSignedKeyExchange(message.subarray(0, length), of)).toBe(false);
  expect(isSignedKeyExchange(message, { ...of, certificate: randomBytes(100) })).toBe(false);
});
