import type { SecretDeps } from "./create-secret.ts";
import { secretNotFound } from "./read-secret.ts";

/** @throws AppError `not_found` */
export async function deleteSecret(
  { secrets }: Pick<SecretDeps, "secrets">,
  workspaceId: string,
  id: string,
): Promise<void> {
  if (!(await secrets.remove(workspaceId, id))) throw secretNotFound(id);
}
