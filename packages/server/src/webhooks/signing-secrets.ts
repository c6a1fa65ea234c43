import { randomBytes } from "node:crypto";
import type { Vault } from "../secrets/vault.ts";

/** What an endpoint's requests are signed with; after a rotation with both for a while. */
export type SigningSecrets = {
  readonly current: string;
  readonly previous?: { readonly secret: string; readonly untilMs: number };
};

const OVERLAP_MS = 24 * 3_600_000;

/** "whsec_" and 32 random bytes in base64url. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString("base64url")}`;
}

/** @param endpointId the secrets open for this endpoint only */
export function sealSecrets(vault: Vault, endpointId: string, secrets: SigningSecrets): string {
  return vault.seal(JSON.stringify(secrets), endpointId);
}

export function openSecrets(vault: Vault, endpointId: string, sealed: string): SigningSecrets {
  return JSON.parse(vault.open(sealed, endpointId)) as SigningSecrets;
}

/** The newest first. */
function secretsInForce({ current, previous }: SigningSecrets, nowMs: number): readonly string[] {
  return previous === undefined || previous.untilMs <= nowMs ? [current] : [current, previous.secret];
}

/** The old secret stays in force for 24 hours. */
export function rotate(secrets: SigningSecrets | undefined, next: string, nowMs: number): SigningSecrets {
  if (secrets === undefined) return { current: next };
  return { current: next, previous: { secret: secrets.current, untilMs: nowMs + OVERLAP_MS } };
}

/** What an endpoint's requests are signed with now, the newest first; empty = unsigned. */
export function secretsOf(
  vault: Vault,
  endpoint: { readonly id: string; readonly sealedSecret?: string | undefined },
  nowMs: number,
): readonly string[] {
  const { id, sealedSecret } = endpoint;
  return sealedSecret === undefined ? [] : secretsInForce(openSecrets(vault, id, sealedSecret), nowMs);
}
