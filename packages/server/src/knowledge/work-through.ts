/** Makes a document findable: fetched, cut into passages, and those turned into vectors. */

import type { Embedder } from "@earshot/engine";
import { AppError } from "../app-error.ts";
import type { Knowledge } from "./knowledge.ts";
import { readContent } from "./read-content.ts";
import { isEmbeddable, searchConfiguration } from "./search-language.ts";
import { type Chunk, splitText } from "./split-text.ts";
import type { StoredKnowledge } from "./store.ts";

/** Of one knowledge base: 20 MB of vectors. */
const MAX_CHUNKS = 10_000;
/** As many as the encoder takes at once. */
const BATCH = 8;
const FETCH_LIMIT_MS = 60_000;

/** Idempotent: begins anew where an earlier attempt broke off. What can't be done is told in the document. */
export async function workThrough(knowledge: Knowledge, documentId: string): Promise<void> {
  const { store, clock } = knowledge;
  const found = await store.findAnywhere(documentId);
  if (found === undefined || found.document.status !== "pending") return;
  try {
    await work(knowledge, found);
  } catch (error) {
    const problem = error instanceof AppError ? error.message : undefined;
    // Anything else may be better at the next attempt.
    if (problem === undefined) throw error;
    await store.update(documentId, { status: "failed", problem }, clock.now());
  }
}

type Found = { readonly workspaceId: string; readonly document: StoredKnowledge; readonly text: string };

async function work(knowledge: Knowledge, found: Found): Promise<void> {
  const { store, clock, bases } = knowledge;
  const { document } = found;
  const { language } = await bases.read(found.workspaceId, document.baseId);
  const text = document.source === "url" ? await fetchText(knowledge, document) : found.text;
  const chunks = splitText(text);
  if (chunks.length === 0) throw new AppError("invalid_request", "it holds no text");
  const others = await store.countChunks(document.baseId, document.id);
  if (others + chunks.length > MAX_CHUNKS)
    throw new AppError("conflict", `a knowledge base holds at most ${MAX_CHUNKS} passages, and this would be more`);
  if (!(await store.replaceChunks(document, chunks, searchConfiguration(language)))) return;
  await store.update(document.id, { chunks: chunks.length, embedded: 0 }, clock.now());
  const embedder = isEmbeddable(language) ? await knowledge.embedder : undefined;
  if (embedder !== undefined) await embed(knowledge, document, { chunks, embedder });
  await store.update(document.id, { status: "ready", problem: null }, clock.now());
}

async function fetchText(knowledge: Knowledge, { id, name, url }: StoredKnowledge): Promise<string> {
  const { store, clock, fetch } = knowledge;
  if (url === undefined) throw new AppError("invalid_request", "it has no URL");
  const signal = AbortSignal.timeout(FETCH_LIMIT_MS);
  const { bytes, mediaType } = await fetch(url, signal);
  const { title, text } = await readContent(bytes, mediaType, clock);
  const isUnnamed = title !== "" && name === url.slice(0, 200);
  await store.update(id, { text, ...(isUnnamed ? { name: title } : {}) }, clock.now());
  return text;
}

async function embed(
  { store, clock }: Knowledge,
  { id }: StoredKnowledge,
  { chunks, embedder }: { readonly chunks: readonly Chunk[]; readonly embedder: Embedder },
): Promise<void> {
  for (let from = 0; from < chunks.length; from += BATCH) {
    const texts = chunks.slice(from, from + BATCH).map(({ heading, text }) => `${heading}\n${text}`.trim());
    await store.setVectors(id, from, await embedder.embed(texts));
    const isKept = await store.update(id, { embedded: from + texts.length }, clock.now());
    if (!isKept) return;
  }
}
