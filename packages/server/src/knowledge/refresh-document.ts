import type { Knowledge } from "./knowledge.ts";
import type { KnowledgeDocument } from "./knowledge-document.ts";
import { documentNotFound, readDocument } from "./read-document.ts";

/**
 * Works a document through again: one of a URL is fetched again. What was found of it before is found until then.
 * @throws AppError `not_found`
 */
export async function refreshDocument(
  { store, clock, enqueue }: Knowledge,
  workspaceId: string,
  id: string,
): Promise<KnowledgeDocument> {
  const { status } = await readDocument(store, workspaceId, id);
  if (status !== "pending" && !(await store.update(id, { status: "pending", problem: null }, clock.now())))
    throw documentNotFound(id);
  await enqueue(id);
  return readDocument(store, workspaceId, id);
}
