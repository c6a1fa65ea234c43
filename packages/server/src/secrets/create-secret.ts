import { AppError } from "../app-error.ts";
import { newId } from "../new-id.ts";
import { isDuplicate } from "../storage/query-error.ts";
import type { WallClock } from "../wall-clock.ts";
import type { NewProviderSecret, ProviderSecret } from "./provider-secret.ts";
import type { ProviderSecretStore, SealedSecret } from "./store.ts";
import type { Vault } from "./vault.ts";

export type SecretDeps = { readonly secrets: ProviderSecretStore; readonly vault: Vault; readonly clock: WallClock };

/** Shorter ones are not hinted at: too little would be left to guess. */
const HINT_FROM_LENGTH = 13;
const HINT_LENGTH = 4;

/** @throws AppError `conflict` when the provider has a secret of that name */
export async function createSecret(
  { secrets, vault, clock }: SecretDeps,
  workspaceId: string,
  { provider, name, value }: NewProviderSecret,
): Promise<ProviderSecret> {
  const now = clock.now();
  const id = newId("sec", now.getTime());
  const at = now.toISOString();
  const secret = { id, provider, name, sealed: vault.seal(value, id), createdAt: at, updatedAt: at };
  await secrets.insert(workspaceId, secret).catch((error: unknown) => {
    throw isDuplicate(error) ? nameTaken(provider, name, error) : error;
  });
  return toPublicSecret(secret, vault);
}

/** Without the value. */
export function toPublicSecret({ sealed, ...shown }: SealedSecret, vault: Vault): ProviderSecret {
  const value = openIfPossible(sealed, shown.id, vault);
  return value.length < HINT_FROM_LENGTH ? shown : { ...shown, lastCharacters: value.slice(-HINT_LENGTH) };
}

/** Empty for what was sealed under a key that the node has no more: such a secret can still be replaced. */
function openIfPossible(sealed: string, id: string, vault: Vault): string {
  try {
    return vault.open(sealed, id);
  } catch {
    return "";
  }
}

function nameTaken(provider: string, name: string, cause: unknown): AppError {
  return new AppError("conflict", `${provider} has a secret "${name}" already`, { cause });
}
