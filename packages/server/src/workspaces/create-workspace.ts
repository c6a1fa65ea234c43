import { newId } from "../new-id.ts";
import type { WallClock } from "../wall-clock.ts";
import type { WorkspaceStore } from "./store.ts";
import type { NewWorkspace, Workspace } from "./workspace.ts";

export type WorkspaceDeps = { readonly workspaces: WorkspaceStore; readonly clock: WallClock };

/** Makes a workspace in which the keys of `parentId` may act. */
export async function createWorkspace(
  { workspaces, clock }: WorkspaceDeps,
  parentId: string,
  input: NewWorkspace,
): Promise<Workspace> {
  const now = clock.now();
  const createdAt = now.toISOString();
  const { retentionDays, calling, ...rest } = input;
  const workspace: Workspace = {
    ...rest,
    ...(retentionDays === undefined ? {} : { retentionDays }),
    ...(calling === undefined ? {} : { calling }),
    id: newId("ws", now.getTime()),
    parentId,
    createdAt,
    updatedAt: createdAt,
  };
  await workspaces.insert(workspace);
  return workspace;
}
