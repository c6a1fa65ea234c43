import { AppError } from "../app-error.ts";
import { fromCursor, type Page, type PageRequest, toPage } from "../page.ts";
import type { KnowledgeDocument } from "./knowledge-document.ts";
import type { KnowledgeStore, StoredKnowledge } from "./store.ts";

/** @throws AppError `not_found` */
export async function readDocument(store: KnowledgeStore, workspaceId: string, id: string): Promise<KnowledgeDocument> {
  const document = await store.find(workspaceId, id);
  if (document === undefined) throw documentNotFound(id);
  return toShownDocument(document);
}

/** Newest first. */
export async function listDocuments(
  store: KnowledgeStore,
  workspaceId: string,
  { limit, cursor, baseId }: PageRequest & { readonly baseId?: string | undefined },
): Promise<Page<KnowledgeDocument>> {
  const rows = await store.list(workspaceId, { baseId, limit: limit + 1, beforeId: fromCursor(cursor) });
  return toPage(rows.map(toShownDocument), limit);
}

/** Calls under way no longer find it. @throws AppError `not_found` */
export async function deleteDocument(store: KnowledgeStore, workspaceId: string, id: string): Promise<void> {
  if (!(await store.remove(workspaceId, id))) throw documentNotFound(id);
}

export function documentNotFound(id: string): AppError {
  return new AppError("not_found", `there is no knowledge document "${id}"`);
}

export function toShownDocument({ embedded, ...shown }: StoredKnowledge): KnowledgeDocument {
  const { status, chunks } = shown;
  return {
    ...shown,
    progress: status === "ready" ? 1 : Math.min(0.99, embedded / Math.max(1, chunks)),
    search: embedded > 0 ? "words-and-meaning" : "words",
  };
}
