import { createHash, randomBytes } from "node:crypto";
import { newId } from "../new-id.ts";
import type { WallClock } from "../wall-clock.ts";
import type { CreatedApiKey } from "./api-key.ts";
import type { ApiKeyStore } from "./store.ts";

const PREFIX_LENGTH = 9;

/** Makes a key of 32 random bytes. Only its hash is stored: what this returns is never to be had again. */
export async function createApiKey(store: ApiKeyStore, clock: WallClock, name: string): Promise<CreatedApiKey> {
  const { key, ...stored } = drawKey(clock, name);
  await store.insert(stored, hashApiKey(key));
  return { ...stored, key };
}

/** The first key of a fresh database; undefined when there is one already. */
export async function createFirstApiKey(store: ApiKeyStore, clock: WallClock): Promise<CreatedApiKey | undefined> {
  const { key, ...stored } = drawKey(clock, "First key");
  return (await store.insertIfNone(stored, hashApiKey(key))) ? { ...stored, key } : undefined;
}

/** SHA-256, hex. */
export function hashApiKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

function drawKey(clock: WallClock, name: string): CreatedApiKey {
  const key = `ear_${randomBytes(32).toString("base64url")}`;
  const now = clock.now();
  return {
    id: newId("key", now.getTime()),
    name,
    prefix: key.slice(0, PREFIX_LENGTH),
    createdAt: now.toISOString(),
    key,
  };
}
