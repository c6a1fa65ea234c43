import { and, eq, isNull, lt } from "drizzle-orm";
import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { idempotencyRecords } from "../storage/schema.ts";

export type IdempotencyRecord = {
  readonly fingerprint: string;
  /** Absent while the first request is under way. */
  readonly answer?: { readonly status: number; readonly sealed: string };
  readonly createdAt: Date;
};

type Key = { readonly workspaceId: string; readonly key: string };

export interface IdempotencyStore {
  /** Claims the key; gives what holds it when somebody was there before. */
  begin(key: Key, fingerprint: string, at: Date): Promise<IdempotencyRecord | undefined>;
  finish(key: Key, answer: { readonly status: number; readonly sealed: string }): Promise<void>;
  /** Frees a key, so that its request may be sent again. With `createdAt`: unless it was claimed anew. */
  release(key: Key, createdAt?: Date): Promise<void>;
  /** How many records older than that were removed. */
  expire(before: Date): Promise<number>;
}

export function createIdempotencyStore({ drizzle }: Database): IdempotencyStore {
  const isKey = ({ workspaceId, key }: Key) =>
    and(eq(idempotencyRecords.workspaceId, workspaceId), eq(idempotencyRecords.key, key));

  return withoutParameters<IdempotencyStore>({
    async begin(key, fingerprint, at) {
      const claimed = await drizzle
        .insert(idempotencyRecords)
        .values({ ...key, fingerprint, createdAt: at })
        .onConflictDoNothing()
        .returning({ key: idempotencyRecords.key });
      if (claimed.length === 1) return undefined;
      const [row] = await drizzle.select().from(idempotencyRecords).where(isKey(key));
      if (row === undefined) return { fingerprint, createdAt: at };
      const { status, sealedAnswer: sealed } = row;
      return {
        fingerprint: row.fingerprint,
        createdAt: row.createdAt,
        ...(status === null || sealed === null ? {} : { answer: { status, sealed } }),
      };
    },

    async finish(key, { status, sealed }) {
      await drizzle.update(idempotencyRecords).set({ status, sealedAnswer: sealed }).where(isKey(key));
    },

    async release(key, createdAt) {
      await drizzle
        .delete(idempotencyRecords)
        .where(
          and(
            isKey(key),
            createdAt === undefined ? isNull(idempotencyRecords.status) : eq(idempotencyRecords.createdAt, createdAt),
          ),
        );
    },

    async expire(before) {
      const expired = await drizzle
        .delete(idempotencyRecords)
        .where(lt(idempotencyRecords.createdAt, before))
        .returning({ key: idempotencyRecords.key });
      return expired.length;
    },
  });
}
