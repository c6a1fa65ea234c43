import { AppError, invalidField } from "../app-error.ts";
import { newId } from "../new-id.ts";
import { ForbiddenUrlError } from "../outbound-http/guard-url.ts";
import type { Knowledge } from "./knowledge.ts";
import type { KnowledgeDocument, NewKnowledgeDocument } from "./knowledge-document.ts";
import { readContent } from "./read-content.ts";
import { toShownDocument } from "./read-document.ts";
import type { StoredKnowledge } from "./store.ts";

const MAX_DOCUMENTS = 1000;

/**
 * Puts a document into a knowledge base; it is worked through in the background.
 * @throws AppError `not_found` for the base; `conflict` when it is full; `invalid_request` for a URL that may not be read
 */
export async function addDocument(
  knowledge: Knowledge,
  workspaceId: string,
  input: NewKnowledgeDocument,
): Promise<KnowledgeDocument> {
  const { baseId, metadata } = input;
  if ("url" in input) {
    checkUrl(knowledge, input.url);
    const name = input.name ?? input.url.slice(0, 200);
    return insert(knowledge, workspaceId, { baseId, metadata, name, source: "url", url: input.url }, undefined);
  }
  return insert(knowledge, workspaceId, { baseId, metadata, name: input.name, source: "text" }, input.text);
}

/** As `addDocument`, of a file's bytes. @throws AppError also `unsupported_media_type` */
export async function addFile(
  knowledge: Knowledge,
  workspaceId: string,
  file: { readonly baseId: string; readonly name?: string; readonly bytes: Uint8Array; readonly mediaType: string },
): Promise<KnowledgeDocument> {
  const { title, text } = await readContent(file.bytes, file.mediaType, knowledge.clock);
  const name = file.name ?? title;
  if (name === "") throw invalidField("name", "must say what the document is called");
  return insert(knowledge, workspaceId, { baseId: file.baseId, metadata: {}, name, source: "file" }, text);
}

async function insert(
  { bases, store, clock, enqueue }: Knowledge,
  workspaceId: string,
  given: Pick<StoredKnowledge, "baseId" | "metadata" | "name" | "source" | "url">,
  text: string | undefined,
): Promise<KnowledgeDocument> {
  const base = await bases.read(workspaceId, given.baseId);
  if ((await store.count(workspaceId, base.id)) >= MAX_DOCUMENTS)
    throw new AppError("conflict", `a knowledge base holds at most ${MAX_DOCUMENTS} documents`);
  const now = clock.now();
  const document: StoredKnowledge = {
    ...given,
    id: newId("kdoc", now.getTime()),
    status: "pending",
    ...{ characters: text?.length ?? 0, chunks: 0, embedded: 0 },
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
  };
  await store.insert(workspaceId, document, text);
  await enqueue(document.id);
  return toShownDocument(document);
}

function checkUrl({ check }: Knowledge, url: string): void {
  try {
    check(url);
  } catch (error) {
    if (error instanceof ForbiddenUrlError) throw invalidField("url", `can't be fetched: ${error.message}`, error);
    throw error;
  }
}
