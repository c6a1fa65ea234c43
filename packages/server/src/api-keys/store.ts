import { and, count, desc, eq, isNull, lt, sql } from "drizzle-orm";
import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { apiKeys } from "../storage/schema.ts";
import type { ApiKey } from "./api-key.ts";

export interface ApiKeyStore {
  insert(key: ApiKey, hash: string): Promise<void>;
  /** Inserts the key if there is no valid one; tells whether it did. */
  insertIfNone(key: ApiKey, hash: string): Promise<boolean>;
  /** Whether a key with this hash is valid. */
  hasValid(hash: string): Promise<boolean>;
  /** Valid keys, newest first. */
  list(options: { readonly limit: number; readonly beforeId?: string | undefined }): Promise<ApiKey[]>;
  /** False when there is no such valid key. */
  revoke(id: string, revokedAt: string): Promise<boolean>;
}

export function createApiKeyStore({ drizzle }: Database): ApiKeyStore {
  const isValid = isNull(apiKeys.revokedAt);
  const toRow = (key: ApiKey, hash: string) => ({ ...key, hash, createdAt: new Date(key.createdAt) });

  return withoutParameters<ApiKeyStore>({
    async insert(key, hash) {
      await drizzle.insert(apiKeys).values(toRow(key, hash));
    },

    insertIfNone: (key, hash) =>
      drizzle.transaction(async (transaction) => {
        await transaction.execute(sql`lock table ${apiKeys} in exclusive mode`);
        const [valid] = await transaction.select({ keys: count() }).from(apiKeys).where(isValid);
        if (valid?.keys !== 0) return false;
        await transaction.insert(apiKeys).values(toRow(key, hash));
        return true;
      }),

    async hasValid(hash) {
      const found = await drizzle
        .select({ id: apiKeys.id })
        .from(apiKeys)
        .where(and(eq(apiKeys.hash, hash), isValid));
      return found.length === 1;
    },

    async list({ limit, beforeId }) {
      const rows = await drizzle
        .select()
        .from(apiKeys)
        .where(and(isValid, beforeId === undefined ? undefined : lt(apiKeys.id, beforeId)))
        .orderBy(desc(apiKeys.id))
        .limit(limit);
      return rows.map(({ id, name, prefix, createdAt }) => ({ id, name, prefix, createdAt: createdAt.toISOString() }));
    },

    async revoke(id, revokedAt) {
      const revoked = await drizzle
        .update(apiKeys)
        .set({ revokedAt: new Date(revokedAt) })
        .where(and(eq(apiKeys.id, id), isValid))
        .returning({ id: apiKeys.id });
      return revoked.length === 1;
    },
  });
}
