import { AppError } from "../app-error.ts";
import type { WorkspaceDeps } from "./create-workspace.ts";
import { readWorkspace } from "./read-workspace.ts";
import type { Workspace, WorkspacePatch } from "./workspace.ts";

/** @throws AppError `not_found` */
export async function updateWorkspace(
  { workspaces, clock }: WorkspaceDeps,
  from: string,
  change: { readonly id: string; readonly patch: WorkspacePatch },
): Promise<Workspace> {
  const { retentionDays: kept, calling: rules, ...current } = await readWorkspace(workspaces, from, change.id);
  const { name = current.name, metadata = current.metadata, retentionDays = kept, calling = rules } = change.patch;
  const updated: Workspace = {
    ...current,
    name,
    metadata,
    ...(retentionDays === null || retentionDays === undefined ? {} : { retentionDays }),
    ...(calling === null || calling === undefined ? {} : { calling }),
    updatedAt: clock.now().toISOString(),
  };
  if (!(await workspaces.replace(updated))) throw new AppError("not_found", `there is no workspace "${change.id}"`);
  return updated;
}
