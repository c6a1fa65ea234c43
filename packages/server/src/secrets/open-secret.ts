import type { SecretDeps } from "./create-secret.ts";

/** The value, for those who use it; undefined when there is none. */
export async function openSecret(
  { secrets, vault }: Omit<SecretDeps, "clock">,
  workspaceId: string,
  { provider, name = "default" }: { readonly provider: string; readonly name?: string },
): Promise<string | undefined> {
  const secret = await secrets.findByName(workspaceId, provider, name);
  return secret === undefined ? undefined : vault.open(secret.sealed, secret.id);
}
