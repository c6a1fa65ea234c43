import { AppError } from "../app-error.ts";
import type { WorkspaceStore } from "./store.ts";
import type { Workspace } from "./workspace.ts";

/**
 * A workspace that may be acted in from `from`: itself or one that it made.
 * @throws AppError `not_found`, also for those of others
 */
export async function readWorkspace(store: WorkspaceStore, from: string, id: string): Promise<Workspace> {
  const workspace = await store.find(id);
  if (workspace === undefined || (workspace.id !== from && workspace.parentId !== from))
    throw new AppError("not_found", `there is no workspace "${id}"`);
  return workspace;
}
