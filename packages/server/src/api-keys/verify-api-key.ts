import { timingSafeEqual } from "node:crypto";
import type { WallClock } from "../wall-clock.ts";
import { DEFAULT_WORKSPACE_ID } from "../workspaces/workspace.ts";
import { hashApiKey } from "./create-api-key.ts";
import type { Principal } from "./scope.ts";
import type { ApiKeyStore, KnownKey } from "./store.ts";

/** How long a key that was valid passes without asking the database: a revoked key works that much longer. */
const TRUSTED_MS = 5_000;
const MAX_TRUSTED = 1_000;
const MAX_KEY_LENGTH = 512;
/** How exact `lastUsedAt` is. */
const USE_NOTED_EVERY_MS = 60_000;

/** Who presents the key; undefined when it isn't valid. */
export type VerifyApiKey = (presented: string) => Promise<Principal | undefined>;

type Trusted = { readonly key: KnownKey; readonly untilMs: number; readonly principal: Principal };

/**
 * Tells valid keys from others. Only hashes are compared or kept, so that the time it takes tells nothing of a key.
 * @param options `configuredKey`: a key of the default workspace that is valid besides the stored ones
 */
export function createApiKeyVerifier(options: {
  readonly store: ApiKeyStore;
  readonly clock: WallClock;
  readonly configuredKey?: string | undefined;
}): VerifyApiKey {
  const { store, clock, configuredKey } = options;
  const configuredHash = configuredKey === undefined ? undefined : Buffer.from(hashApiKey(configuredKey));
  const configured: Principal = { kind: "key", workspaceId: DEFAULT_WORKSPACE_ID, scopes: ["*"] };
  const trusted = new Map<string, Trusted>();
  const notedMs = new Map<string, number>();

  const noteUse = (keyId: string, now: ReturnType<WallClock["now"]>) => {
    if (now.getTime() - (notedMs.get(keyId) ?? 0) < USE_NOTED_EVERY_MS) return;
    if (notedMs.size >= MAX_TRUSTED) notedMs.clear();
    notedMs.set(keyId, now.getTime());
    store.markUsed(keyId, now).catch(() => notedMs.delete(keyId));
  };

  return async (presented) => {
    if (presented.length > MAX_KEY_LENGTH) return undefined;
    const hash = hashApiKey(presented);
    if (configuredHash !== undefined && timingSafeEqual(Buffer.from(hash), configuredHash)) return configured;
    const now = clock.now();
    let found = trusted.get(hash);
    if (found === undefined || found.untilMs <= now.getTime()) {
      trusted.delete(hash);
      const key = await store.findByHash(hash);
      if (key === undefined) return undefined;
      if (trusted.size >= MAX_TRUSTED) trusted.clear();
      const { id: keyId, workspaceId, scopes } = key;
      found = { key, untilMs: now.getTime() + TRUSTED_MS, principal: { kind: "key", workspaceId, keyId, scopes } };
      trusted.set(hash, found);
    }
    if (found.key.expiresAt !== undefined && found.key.expiresAt.getTime() <= now.getTime()) return undefined;
    noteUse(found.key.id, now);
    return found.principal;
  };
}
