import { AppError } from "../app-error.ts";
import type { WorkspaceDeps } from "./create-workspace.ts";
import { readWorkspace } from "./read-workspace.ts";

/**
 * Puts a workspace out of reach, with all that is in it.
 * @throws AppError `not_found`; `invalid_request` for the workspace that one is in
 */
export async function deleteWorkspace({ workspaces, clock }: WorkspaceDeps, from: string, id: string): Promise<void> {
  const workspace = await readWorkspace(workspaces, from, id);
  if (workspace.id === from) throw new AppError("invalid_request", "a workspace can't delete itself");
  await workspaces.remove(id, clock.now());
}
