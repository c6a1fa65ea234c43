import { AppError } from "../app-error.ts";
import type { WallClock } from "../wall-clock.ts";
import type { ApiKeyStore } from "./store.ts";

/**
 * Makes a key invalid for good, within five seconds on every node.
 * @throws AppError `not_found`
 */
export async function revokeApiKey(
  store: ApiKeyStore,
  clock: WallClock,
  { workspaceId, id }: { readonly workspaceId: string; readonly id: string },
): Promise<void> {
  if (!(await store.revoke(workspaceId, id, clock.now())))
    throw new AppError("not_found", `there is no API key "${id}"`);
}
