import { fromCursor, type Page, type PageRequest, toPage } from "../page.ts";
import { type SecretDeps, toPublicSecret } from "./create-secret.ts";
import type { ProviderSecret } from "./provider-secret.ts";

/** Newest first. */
export async function listSecrets(
  { secrets, vault }: Omit<SecretDeps, "clock">,
  workspaceId: string,
  { limit, cursor, provider }: PageRequest & { readonly provider?: string | undefined },
): Promise<Page<ProviderSecret>> {
  const rows = await secrets.list(workspaceId, { provider, limit: limit + 1, beforeId: fromCursor(cursor) });
  return toPage(
    rows.map((row) => toPublicSecret(row, vault)),
    limit,
  );
}
