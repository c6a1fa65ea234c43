import { type SecretDeps, toPublicSecret } from "./create-secret.ts";
import type { ProviderSecret } from "./provider-secret.ts";
import { secretNotFound } from "./read-secret.ts";

/** Puts another value in its place. @throws AppError `not_found` */
export async function updateSecret(
  { secrets, vault, clock }: SecretDeps,
  workspaceId: string,
  { id, value }: { readonly id: string; readonly value: string },
): Promise<ProviderSecret> {
  const updated = await secrets.reseal(workspaceId, id, vault.seal(value, id), clock.now());
  if (updated === undefined) throw secretNotFound(id);
  return toPublicSecret(updated, vault);
}
