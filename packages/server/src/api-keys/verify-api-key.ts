import { timingSafeEqual } from "node:crypto";
import type { WallClock } from "../wall-clock.ts";
import { hashApiKey } from "./create-api-key.ts";
import type { ApiKeyStore } from "./store.ts";

/** How long a key that was valid passes without asking the database: a revoked key works that much longer. */
const TRUSTED_MS = 5_000;
const MAX_TRUSTED = 1_000;
const MAX_KEY_LENGTH = 512;

export type VerifyApiKey = (presented: string) => Promise<boolean>;

/**
 * Tells valid keys from others. Only hashes are compared or kept, so that the time it takes tells nothing of a key.
 * @param options `configuredKey`: a key that is valid besides the stored ones
 */
export function createApiKeyVerifier(options: {
  readonly store: ApiKeyStore;
  readonly clock: WallClock;
  readonly configuredKey?: string | undefined;
}): VerifyApiKey {
  const { store, clock, configuredKey } = options;
  const configuredHash = configuredKey === undefined ? undefined : hashApiKey(configuredKey);
  const trustedUntil = new Map<string, number>();

  return async (presented) => {
    if (presented.length > MAX_KEY_LENGTH) return false;
    const hash = hashApiKey(presented);
    if (configuredHash !== undefined && timingSafeEqual(Buffer.from(hash), Buffer.from(configuredHash))) return true;
    const nowMs = clock.now().getTime();
    if ((trustedUntil.get(hash) ?? 0) > nowMs) return true;
    trustedUntil.delete(hash);
    if (!(await store.hasValid(hash))) return false;
    if (trustedUntil.size >= MAX_TRUSTED) trustedUntil.clear();
    trustedUntil.set(hash, nowMs + TRUSTED_MS);
    return true;
  };
}
