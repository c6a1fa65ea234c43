import { fromCursor, type Page, type PageRequest, toPage } from "../page.ts";
import type { WorkspaceStore } from "./store.ts";
import type { Workspace } from "./workspace.ts";

/** Those that `parentId` made, newest first. */
export async function listWorkspaces(
  store: WorkspaceStore,
  parentId: string,
  { limit, cursor }: PageRequest,
): Promise<Page<Workspace>> {
  return toPage(await store.list(parentId, { limit: limit + 1, beforeId: fromCursor(cursor) }), limit);
}
