import type { WallClock } from "../wall-clock.ts";
import type { ApiKeyStore } from "./store.ts";

/** Whether a key is neither revoked nor expired, nor its workspace deleted, at this moment. */
export async function isApiKeyValid(
  store: Pick<ApiKeyStore, "findValid">,
  clock: WallClock,
  keyId: string,
): Promise<boolean> {
  const key = await store.findValid(keyId);
  return key !== undefined && (key.expiresAt === undefined || key.expiresAt > clock.now());
}
