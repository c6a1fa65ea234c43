import { and, count, desc, eq, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { apiKeys, workspaces } from "../storage/schema.ts";
import type { ApiKey } from "./api-key.ts";
import type { Scope } from "./scope.ts";

export type KnownKey = {
  readonly id: string;
  readonly workspaceId: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | undefined;
};

export interface ApiKeyStore {
  insert(workspaceId: string, key: ApiKey, hash: string): Promise<void>;
  /** Inserts the key if there is none that isn't revoked; tells whether it did. */
  insertIfNone(workspaceId: string, key: ApiKey, hash: string): Promise<boolean>;
  /** The key with this hash, unless it was revoked or its workspace deleted. */
  findByHash(hash: string): Promise<KnownKey | undefined>;
  /** As `findByHash`, by its id. */
  findValid(id: string): Promise<KnownKey | undefined>;
  /** Keys that aren't revoked, newest first. */
  list(
    workspaceId: string,
    options: { readonly limit: number; readonly beforeId?: string | undefined },
  ): Promise<ApiKey[]>;
  /** False when there is no such valid key. */
  revoke(workspaceId: string, id: string, revokedAt: Date): Promise<boolean>;
  markUsed(id: string, at: Date): Promise<void>;
}

export function createApiKeyStore({ drizzle }: Database): ApiKeyStore {
  const isValid = isNull(apiKeys.revokedAt);

  const find = async (isWanted: SQL): Promise<KnownKey | undefined> => {
    const [found] = await drizzle
      .select({
        id: apiKeys.id,
        workspaceId: apiKeys.workspaceId,
        scopes: apiKeys.scopes,
        expiresAt: apiKeys.expiresAt,
      })
      .from(apiKeys)
      .innerJoin(workspaces, and(eq(workspaces.id, apiKeys.workspaceId), isNull(workspaces.deletedAt)))
      .where(and(isWanted, isValid));
    if (found === undefined) return undefined;
    return { ...found, scopes: found.scopes as Scope[], expiresAt: found.expiresAt ?? undefined };
  };

  return withoutParameters<ApiKeyStore>({
    async insert(workspaceId, key, hash) {
      await drizzle.insert(apiKeys).values(toRow(workspaceId, key, hash));
    },

    insertIfNone: (workspaceId, key, hash) =>
      drizzle.transaction(async (transaction) => {
        await transaction.execute(sql`lock table ${apiKeys} in exclusive mode`);
        const [valid] = await transaction.select({ keys: count() }).from(apiKeys).where(isValid);
        if (valid?.keys !== 0) return false;
        await transaction.insert(apiKeys).values(toRow(workspaceId, key, hash));
        return true;
      }),

    findByHash: (hash) => find(eq(apiKeys.hash, hash)),

    findValid: (id) => find(eq(apiKeys.id, id)),

    async list(workspaceId, { limit, beforeId }) {
      const rows = await drizzle
        .select()
        .from(apiKeys)
        .where(
          and(
            eq(apiKeys.workspaceId, workspaceId),
            isValid,
            beforeId === undefined ? undefined : lt(apiKeys.id, beforeId),
          ),
        )
        .orderBy(desc(apiKeys.id))
        .limit(limit);
      return rows.map(toApiKey);
    },

    async revoke(workspaceId, id, revokedAt) {
      const revoked = await drizzle
        .update(apiKeys)
        .set({ revokedAt })
        .where(and(eq(apiKeys.id, id), eq(apiKeys.workspaceId, workspaceId), isValid))
        .returning({ id: apiKeys.id });
      return revoked.length === 1;
    },

    async markUsed(id, at) {
      await drizzle
        .update(apiKeys)
        .set({ lastUsedAt: at })
        .where(and(eq(apiKeys.id, id), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, at))));
    },
  });
}

function toRow(workspaceId: string, key: ApiKey, hash: string) {
  const { id, name, prefix, scopes, createdAt, expiresAt } = key;
  return {
    id,
    workspaceId,
    name,
    prefix,
    scopes,
    hash,
    createdAt: new Date(createdAt),
    expiresAt: expiresAt === undefined ? null : new Date(expiresAt),
  };
}

function toApiKey(row: typeof apiKeys.$inferSelect): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes as Scope[],
    createdAt: row.createdAt.toISOString(),
    ...(row.expiresAt === null ? {} : { expiresAt: row.expiresAt.toISOString() }),
    ...(row.lastUsedAt === null ? {} : { lastUsedAt: row.lastUsedAt.toISOString() }),
  };
}
