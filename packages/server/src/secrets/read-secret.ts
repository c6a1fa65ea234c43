import { AppError } from "../app-error.ts";
import { type SecretDeps, toPublicSecret } from "./create-secret.ts";
import type { ProviderSecret } from "./provider-secret.ts";

/** @throws AppError `not_found` */
export async function readSecret(
  { secrets, vault }: Omit<SecretDeps, "clock">,
  workspaceId: string,
  id: string,
): Promise<ProviderSecret> {
  const secret = await secrets.find(workspaceId, id);
  if (secret === undefined) throw secretNotFound(id);
  return toPublicSecret(secret, vault);
}

export function secretNotFound(id: string): AppError {
  return new AppError("not_found", `there is no secret "${id}"`);
}
