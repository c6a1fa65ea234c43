import { and, count, desc, eq, inArray, lt, max, or, type SQL, sql } from "drizzle-orm";
import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { knowledgeChunks as chunks, knowledgeDocuments as documents } from "../storage/schema.ts";
import type { KnowledgeDocument, Passage } from "./knowledge-document.ts";
import type { Chunk } from "./split-text.ts";

export type StoredKnowledge = Omit<KnowledgeDocument, "progress" | "search"> & {
  /** Chunks that have a vector. */
  readonly embedded: number;
};

export type KnowledgeListing = {
  readonly limit: number;
  readonly beforeId?: string | undefined;
  readonly baseId?: string | undefined;
};
type Change = Partial<Pick<StoredKnowledge, "name" | "status" | "chunks" | "embedded">> & {
  readonly text?: string;
  readonly problem?: string | null;
};
export type StoredVector = { readonly chunkId: string; readonly vector: Float32Array };

export interface KnowledgeStore {
  insert(workspaceId: string, document: StoredKnowledge, text: string | undefined): Promise<void>;
  find(workspaceId: string, id: string): Promise<StoredKnowledge | undefined>;
  /** For the work in the background. */
  findAnywhere(id: string): Promise<{ workspaceId: string; document: StoredKnowledge; text: string } | undefined>;
  listPending(limit: number): Promise<string[]>;
  /** Newest first. */
  list(workspaceId: string, listing: KnowledgeListing): Promise<StoredKnowledge[]>;
  count(workspaceId: string, baseId: string): Promise<number>;
  /** False when it is gone. */
  update(id: string, change: Change, at: Date): Promise<boolean>;
  remove(workspaceId: string, id: string): Promise<boolean>;
  removeBase(workspaceId: string, baseId: string): Promise<void>;
  countChunks(baseId: string, exceptDocumentId: string): Promise<number>;
  /** Puts these in place of the document's chunks; false when it is gone. @param configuration of Postgres' text search */
  replaceChunks(
    document: { readonly id: string; readonly baseId: string },
    parts: readonly Chunk[],
    configuration: string,
  ): Promise<boolean>;
  setVectors(documentId: string, from: number, vectors: readonly Float32Array[]): Promise<void>;
  /** Changes whenever vectors of the base do. */
  versionOf(baseId: string): Promise<string>;
  vectors(baseId: string): Promise<StoredVector[]>;
  /** Ids of chunks with words of the query, best first. */
  searchWords(
    baseId: string,
    search: { readonly query: string; readonly configuration: string; readonly limit: number },
  ): Promise<string[]>;
  passages(baseIds: readonly string[], chunkIds: readonly string[]): Promise<Omit<Passage, "score">[]>;
}

/** Rows of one statement. */
const BATCH = 200;

export function createKnowledgeStore({ drizzle }: Database): KnowledgeStore {
  const isWanted = (workspaceId: string, id: string) =>
    and(eq(documents.id, id), eq(documents.workspaceId, workspaceId));

  return withoutParameters<KnowledgeStore>({
    async insert(workspaceId, document, text) {
      await drizzle.insert(documents).values({ ...toRow(workspaceId, document), text: text ?? null });
    },

    async find(workspaceId, id) {
      const [row] = await drizzle.select(SHOWN).from(documents).where(isWanted(workspaceId, id));
      return row === undefined ? undefined : toDocument(row);
    },

    async findAnywhere(id) {
      const [row] = await drizzle
        .select({ ...SHOWN, text: documents.text })
        .from(documents)
        .where(eq(documents.id, id));
      if (row === undefined) return undefined;
      const { text, ...rest } = row;
      return { workspaceId: row.workspaceId, document: toDocument(rest), text: text ?? "" };
    },

    async listPending(limit) {
      const rows = await drizzle
        .select({ id: documents.id })
        .from(documents)
        .where(eq(documents.status, "pending"))
        .orderBy(documents.id)
        .limit(limit);
      return rows.map(({ id }) => id);
    },

    async list(workspaceId, { limit, beforeId, baseId }) {
      const rows = await drizzle
        .select(SHOWN)
        .from(documents)
        .where(
          and(
            eq(documents.workspaceId, workspaceId),
            baseId === undefined ? undefined : eq(documents.baseId, baseId),
            beforeId === undefined ? undefined : lt(documents.id, beforeId),
          ),
        )
        .orderBy(desc(documents.id))
        .limit(limit);
      return rows.map(toDocument);
    },

    async count(workspaceId, baseId) {
      const [total] = await drizzle
        .select({ documents: count() })
        .from(documents)
        .where(and(eq(documents.workspaceId, workspaceId), eq(documents.baseId, baseId)));
      return total?.documents ?? 0;
    },

    async update(id, change, at) {
      const changed = await drizzle
        .update(documents)
        .set({ ...change, updatedAt: at })
        .where(eq(documents.id, id))
        .returning({ id: documents.id });
      return changed.length === 1;
    },

    remove: (workspaceId, id) =>
      drizzle.transaction(async (transaction) => {
        const removed = await transaction
          .delete(documents)
          .where(isWanted(workspaceId, id))
          .returning({ id: documents.id });
        if (removed.length === 1) await transaction.delete(chunks).where(eq(chunks.documentId, id));
        return removed.length === 1;
      }),

    async removeBase(workspaceId, baseId) {
      await drizzle.transaction(async (transaction) => {
        await transaction
          .delete(documents)
          .where(and(eq(documents.workspaceId, workspaceId), eq(documents.baseId, baseId)));
        await transaction.delete(chunks).where(eq(chunks.baseId, baseId));
      });
    },

    async countChunks(baseId, exceptDocumentId) {
      const [total] = await drizzle
        .select({ chunks: count() })
        .from(chunks)
        .where(and(eq(chunks.baseId, baseId), sql`${chunks.documentId} <> ${exceptDocumentId}`));
      return total?.chunks ?? 0;
    },

    replaceChunks: ({ id, baseId }, parts, configuration) =>
      drizzle.transaction(async (transaction) => {
        const held = await transaction
          .select({ id: documents.id })
          .from(documents)
          .where(eq(documents.id, id))
          .for("update");
        if (held.length === 0) return false;
        await transaction.delete(chunks).where(eq(chunks.documentId, id));
        for (let from = 0; from < parts.length; from += BATCH) {
          const rows = parts.slice(from, from + BATCH).map(({ heading, text }, index) => ({
            ...{ documentId: id, position: from + index, baseId, heading, text },
            words: sql`to_tsvector(${configuration}::regconfig, ${`${heading}\n${text}`}::text)`,
          }));
          await transaction.insert(chunks).values(rows);
        }
        return true;
      }),

    async setVectors(documentId, from, vectors) {
      for (const [index, vector] of vectors.entries())
        await drizzle
          .update(chunks)
          .set({ vector: Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength) })
          .where(and(eq(chunks.documentId, documentId), eq(chunks.position, from + index)));
    },

    async versionOf(baseId) {
      const [newest] = await drizzle
        .select({ at: max(documents.updatedAt), documents: count() })
        .from(documents)
        .where(eq(documents.baseId, baseId));
      return `${newest?.at?.getTime() ?? 0} ${newest?.documents ?? 0}`;
    },

    async vectors(baseId) {
      const rows = await drizzle
        .select({ documentId: chunks.documentId, position: chunks.position, vector: chunks.vector })
        .from(chunks)
        .where(and(eq(chunks.baseId, baseId), sql`${chunks.vector} is not null`));
      return rows.flatMap(({ vector, ...row }) =>
        vector === null ? [] : [{ chunkId: toChunkId(row), vector: toVector(vector) }],
      );
    },

    async searchWords(baseId, { query, configuration, limit }) {
      // Any of the words will do: callers ask in whole sentences.
      const wanted = sql`replace(plainto_tsquery(${configuration}::regconfig, ${query})::text, '&', '|')::tsquery`;
      const rows = await drizzle
        .select({ documentId: chunks.documentId, position: chunks.position })
        .from(chunks)
        .where(and(eq(chunks.baseId, baseId), sql`${chunks.words} @@ ${wanted}`))
        .orderBy(sql`ts_rank_cd(${chunks.words}, ${wanted}, 1) desc`, chunks.documentId, chunks.position)
        .limit(limit);
      return rows.map(toChunkId);
    },

    async passages(baseIds, chunkIds) {
      if (chunkIds.length === 0 || baseIds.length === 0) return [];
      const rows = await drizzle
        .select({
          documentId: chunks.documentId,
          position: chunks.position,
          heading: chunks.heading,
          text: chunks.text,
          document: documents.name,
          url: documents.url,
        })
        .from(chunks)
        .innerJoin(documents, eq(documents.id, chunks.documentId))
        .where(and(inArray(chunks.baseId, [...baseIds]), or(...chunkIds.map(isChunk))));
      return rows.map(({ position, url, ...row }) => ({
        ...row,
        chunkId: toChunkId({ documentId: row.documentId, position }),
        ...(url === null ? {} : { url }),
      }));
    },
  });
}

function toChunkId({ documentId, position }: { readonly documentId: string; readonly position: number }): string {
  return `${documentId}-${position}`;
}

function isChunk(chunkId: string): SQL | undefined {
  const at = chunkId.lastIndexOf("-");
  return and(eq(chunks.documentId, chunkId.slice(0, at)), eq(chunks.position, Number(chunkId.slice(at + 1))));
}

/** A copy: what the driver gives need not begin where a number may. */
function toVector(stored: Buffer): Float32Array {
  return new Float32Array(new Uint8Array(stored).buffer);
}

const SHOWN = {
  id: documents.id,
  workspaceId: documents.workspaceId,
  baseId: documents.baseId,
  name: documents.name,
  source: documents.source,
  url: documents.url,
  characters: sql<number>`coalesce(char_length(${documents.text}), 0)`,
  status: documents.status,
  problem: documents.problem,
  chunks: documents.chunks,
  embedded: documents.embedded,
  metadata: documents.metadata,
  createdAt: documents.createdAt,
  updatedAt: documents.updatedAt,
};
type Shown = Omit<typeof documents.$inferSelect, "text"> & { readonly characters: number };

function toRow(
  workspaceId: string,
  { characters: _, url, problem, createdAt, updatedAt, ...rest }: StoredKnowledge,
): Omit<typeof documents.$inferInsert, "text"> {
  return {
    ...rest,
    workspaceId,
    url: url ?? null,
    problem: problem ?? null,
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
  };
}

function toDocument({ workspaceId: _, url, problem, metadata, ...row }: Shown): StoredKnowledge {
  return {
    ...row,
    source: row.source as StoredKnowledge["source"],
    status: row.status as StoredKnowledge["status"],
    ...(url === null ? {} : { url }),
    ...(problem === null ? {} : { problem }),
    metadata: metadata as StoredKnowledge["metadata"],
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
