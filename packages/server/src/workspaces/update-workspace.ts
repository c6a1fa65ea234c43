import { AppError, invalidField } from "../app-error.ts";
import type { DocumentStore } from "../documents/store.ts";
import { sipTrunkKind } from "../sip-trunks/sip-trunk.ts";
import type { WorkspaceDeps } from "./create-workspace.ts";
import { readWorkspace } from "./read-workspace.ts";
import type { Workspace, WorkspacePatch } from "./workspace.ts";

type Deps = WorkspaceDeps & { readonly documents: Pick<DocumentStore, "find"> };

/** @throws AppError `not_found`; `invalid_request` naming a trunk that the workspace hasn't */
export async function updateWorkspace(
  deps: Deps,
  from: string,
  change: { readonly id: string; readonly patch: WorkspacePatch },
): Promise<Workspace> {
  const { workspaces, clock } = deps;
  const { patch } = change;
  const {
    retentionDays: kept,
    recordingFormat: format,
    calling: rules,
    ...current
  } = await readWorkspace(workspaces, from, change.id);
  await requireTrunks(deps, change.id, patch.calling?.trunkIds);
  const { name = current.name, metadata = current.metadata } = patch;
  const { retentionDays = kept, recordingFormat = format, calling = rules } = patch;
  const updated: Workspace = {
    ...current,
    name,
    metadata,
    ...(retentionDays === null || retentionDays === undefined ? {} : { retentionDays }),
    ...(recordingFormat === null || recordingFormat === undefined ? {} : { recordingFormat }),
    ...(calling === null || calling === undefined ? {} : { calling }),
    updatedAt: clock.now().toISOString(),
  };
  if (!(await workspaces.replace(updated))) throw new AppError("not_found", `there is no workspace "${change.id}"`);
  return updated;
}

async function requireTrunks(
  { documents }: Deps,
  workspaceId: string,
  trunkIds: readonly string[] = [],
): Promise<void> {
  for (const [index, id] of trunkIds.entries())
    if ((await documents.find({ workspaceId, kind: sipTrunkKind.name }, id)) === undefined)
      throw invalidField(`calling.trunkIds.${index}`, `there is no trunk "${id}" of the workspace`);
}
