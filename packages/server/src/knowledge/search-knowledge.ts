import { AppError } from "../app-error.ts";
import { fuseRanks } from "./fuse-ranks.ts";
import type { Knowledge } from "./knowledge.ts";
import type { KnowledgeBase } from "./knowledge-base.ts";
import type { Passage } from "./knowledge-document.ts";
import { isEmbeddable, searchConfiguration } from "./search-language.ts";

/** Of each way of searching, before both are put together. */
const CANDIDATES = 20;
/** Cosine below which two texts have nothing to do with each other. */
const MIN_COSINE = 0.25;

/** Best first. Bases that are gone are left out. */
export async function searchKnowledge(
  knowledge: Knowledge,
  workspaceId: string,
  { baseIds, query, limit }: { readonly baseIds: readonly string[]; readonly query: string; readonly limit: number },
): Promise<Passage[]> {
  const found = await Promise.all([...new Set(baseIds)].map((id) => knowledge.bases.read(workspaceId, id).catch(gone)));
  const bases = found.filter((base) => base !== undefined);
  const lists = await Promise.all(
    bases.flatMap((base) => [searchByWords(knowledge, base, query), searchByMeaning(knowledge, base, query)]),
  );
  const ranked = fuseRanks(lists, limit);
  const passages = await knowledge.store.passages(
    bases.map(({ id }) => id),
    ranked.map(({ id }) => id),
  );
  return ranked.flatMap(({ id, score }) => {
    const passage = passages.find(({ chunkId }) => chunkId === id);
    return passage === undefined ? [] : [{ ...passage, score }];
  });
}

function searchByWords({ store }: Knowledge, { id, language }: KnowledgeBase, query: string): Promise<string[]> {
  return store.searchWords(id, { query, configuration: searchConfiguration(language), limit: CANDIDATES });
}

async function searchByMeaning(
  { vectors, embedder }: Knowledge,
  { id, language }: KnowledgeBase,
  query: string,
): Promise<string[]> {
  const encoder = isEmbeddable(language) ? await embedder : undefined;
  if (encoder === undefined) return [];
  // Without the model, words alone must do.
  const [wanted] = await encoder.embed([query]).catch(() => []);
  if (wanted === undefined) return [];
  return (await vectors.get(id))
    .map(({ chunkId, vector }) => ({ chunkId, cosine: dot(vector, wanted) }))
    .filter(({ cosine }) => cosine >= MIN_COSINE)
    .toSorted((a, b) => b.cosine - a.cosine)
    .slice(0, CANDIDATES)
    .map(({ chunkId }) => chunkId);
}

/** Of vectors of unit length: their cosine. */
function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

function gone(error: unknown): undefined {
  if (error instanceof AppError && error.code === "not_found") return undefined;
  throw error;
}
