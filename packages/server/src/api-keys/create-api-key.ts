import { hash, randomBytes } from "node:crypto";
import { AppError } from "../app-error.ts";
import { newId } from "../new-id.ts";
import { toEpochMs, type WallClock } from "../wall-clock.ts";
import { DEFAULT_WORKSPACE_ID } from "../workspaces/workspace.ts";
import type { CreatedApiKey, NewApiKey } from "./api-key.ts";
import type { ApiKeyStore } from "./store.ts";

const PREFIX_LENGTH = 9;

/**
 * Makes a key of 32 random bytes. Only its hash is stored: what this returns is never to be had again.
 * @param input `kind`: how the key begins, "ear" by default
 * @throws AppError `invalid_request` when it would have expired already
 */
export async function createApiKey(
  store: ApiKeyStore,
  clock: WallClock,
  input: NewApiKey & { readonly workspaceId: string; readonly kind?: string },
): Promise<CreatedApiKey> {
  const { expiresAt, workspaceId } = input;
  if (expiresAt !== undefined && toEpochMs(expiresAt) <= clock.now().getTime())
    throw new AppError("invalid_request", "expiresAt: must be in the future");
  const { key, ...stored } = drawKey(clock, input);
  await store.insert(workspaceId, stored, hashApiKey(key));
  return { ...stored, key };
}

/** The first key of a fresh database; undefined when there is one already. */
export async function createFirstApiKey(store: ApiKeyStore, clock: WallClock): Promise<CreatedApiKey | undefined> {
  const { key, ...stored } = drawKey(clock, { name: "First key", scopes: ["*"] });
  const isFirst = await store.insertIfNone(DEFAULT_WORKSPACE_ID, stored, hashApiKey(key));
  return isFirst ? { ...stored, key } : undefined;
}

/** SHA-256, hex. */
export function hashApiKey(key: string): string {
  return hash("sha256", key);
}

function drawKey(
  clock: WallClock,
  { name, scopes, expiresAt, kind = "ear" }: NewApiKey & { kind?: string },
): CreatedApiKey {
  const key = `${kind}_${randomBytes(32).toString("base64url")}`;
  const now = clock.now();
  return {
    id: newId("key", now.getTime()),
    name,
    prefix: key.slice(0, Math.max(PREFIX_LENGTH, kind.length + 5)),
    scopes,
    createdAt: now.toISOString(),
    ...(expiresAt === undefined ? {} : { expiresAt: clock.at(toEpochMs(expiresAt)).toISOString() }),
    key,
  };
}
