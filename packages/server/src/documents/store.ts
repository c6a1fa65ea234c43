import { and, asc, count, desc, eq, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { documents } from "../storage/schema.ts";

/** A resource as it is stored: whole. */
export type StoredDocument = {
  readonly id: string;
  readonly parentId?: string;
  readonly document: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type DocumentFilter = {
  readonly limit: number;
  readonly beforeId?: string | undefined;
  readonly offset?: number | undefined;
  /** Only what belongs to it. */
  readonly parentId?: string | undefined;
};

type Kind = { readonly workspaceId: string; readonly kind: string };

/** Resources of all kinds that are kept whole. */
export interface DocumentStore {
  insert(kind: Kind, document: StoredDocument): Promise<void>;
  find(kind: Kind, id: string): Promise<StoredDocument | undefined>;
  /** In whichever workspace. */
  findAnywhere(kind: string, id: string): Promise<(StoredDocument & { readonly workspaceId: string }) | undefined>;
  /** Newest first. */
  list(kind: Kind, filter: DocumentFilter): Promise<StoredDocument[]>;
  /** Of all workspaces, oldest first: for what serves them all. */
  listEverywhere(kind: string, limit: number): Promise<(StoredDocument & { readonly workspaceId: string })[]>;
  count(kind: Kind, parentId?: string): Promise<number>;
  /** How many belong to each of the parents, by the value of one of their settings. */
  countBy(
    kind: Kind,
    by: { readonly parentIds: readonly string[]; readonly setting: string },
  ): Promise<{ readonly parentId: string; readonly value: string; readonly count: number }[]>;
  /** Stores what `change` makes of it; undefined when there is none. */
  update(
    kind: Kind,
    id: string,
    change: (document: StoredDocument) => Readonly<Record<string, unknown>>,
    at: Date,
  ): Promise<StoredDocument | undefined>;
  /** Also removes what belongs to it. False when there is none. */
  remove(kind: Kind, id: string): Promise<boolean>;
}

export function createDocumentStore({ drizzle }: Database): DocumentStore {
  const isKind = ({ workspaceId, kind }: Kind, ...more: (SQL | undefined)[]) =>
    and(eq(documents.workspaceId, workspaceId), eq(documents.kind, kind), ...more);

  return withoutParameters<DocumentStore>({
    async insert({ workspaceId, kind }, { id, parentId, document, createdAt, updatedAt }) {
      await drizzle.insert(documents).values({
        id,
        workspaceId,
        kind,
        parentId: parentId ?? null,
        document,
        createdAt: new Date(createdAt),
        updatedAt: new Date(updatedAt),
      });
    },

    async find(kind, id) {
      const [row] = await drizzle
        .select()
        .from(documents)
        .where(isKind(kind, eq(documents.id, id)));
      return row === undefined ? undefined : toDocument(row);
    },

    async findAnywhere(kind, id) {
      const [row] = await drizzle
        .select()
        .from(documents)
        .where(and(eq(documents.kind, kind), eq(documents.id, id)));
      return row === undefined ? undefined : { ...toDocument(row), workspaceId: row.workspaceId };
    },

    async list(kind, { limit, beforeId, offset, parentId }) {
      const rows = await drizzle
        .select()
        .from(documents)
        .where(
          isKind(
            kind,
            beforeId === undefined ? undefined : lt(documents.id, beforeId),
            parentId === undefined ? undefined : eq(documents.parentId, parentId),
          ),
        )
        .orderBy(desc(documents.id))
        .limit(limit)
        .offset(offset ?? 0);
      return rows.map(toDocument);
    },

    async listEverywhere(kind, limit) {
      const rows = await drizzle
        .select()
        .from(documents)
        .where(eq(documents.kind, kind))
        .orderBy(asc(documents.id))
        .limit(limit);
      return rows.map((row) => ({ ...toDocument(row), workspaceId: row.workspaceId }));
    },

    async count(kind, parentId) {
      const [total] = await drizzle
        .select({ documents: count() })
        .from(documents)
        .where(isKind(kind, parentId === undefined ? undefined : eq(documents.parentId, parentId)));
      return total?.documents ?? 0;
    },

    async countBy(kind, { parentIds, setting }) {
      if (parentIds.length === 0) return [];
      const value = sql<string>`coalesce(${documents.document} ->> ${setting}::text, '')`;
      const rows = await drizzle
        .select({ parentId: documents.parentId, value: value.as("value"), count: count() })
        .from(documents)
        .where(isKind(kind, inArray(documents.parentId, [...parentIds])))
        .groupBy(documents.parentId, sql`value`);
      return rows.map((row) => ({ ...row, parentId: row.parentId ?? "" }));
    },

    update: (kind, id, change, at) =>
      drizzle.transaction(async (transaction) => {
        const wanted = isKind(kind, eq(documents.id, id));
        const [row] = await transaction.select().from(documents).where(wanted).for("update");
        if (row === undefined) return undefined;
        const document = change(toDocument(row));
        await transaction.update(documents).set({ document, updatedAt: at }).where(wanted);
        return toDocument({ ...row, document, updatedAt: at });
      }),

    remove: (kind, id) =>
      drizzle.transaction(async (transaction) => {
        const removed = await transaction
          .delete(documents)
          .where(isKind(kind, eq(documents.id, id)))
          .returning({ id: documents.id });
        if (removed.length === 0) return false;
        await transaction
          .delete(documents)
          .where(and(eq(documents.workspaceId, kind.workspaceId), eq(documents.parentId, id)));
        return true;
      }),
  });
}

function toDocument(row: typeof documents.$inferSelect): StoredDocument {
  return {
    id: row.id,
    ...(row.parentId === null ? {} : { parentId: row.parentId }),
    document: row.document as Readonly<Record<string, unknown>>,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
