import { and, count, desc, eq, lt } from "drizzle-orm";
import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { providerSecrets } from "../storage/schema.ts";

/** A secret as it is stored: only the vault can read it. */
export type SealedSecret = {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  readonly sealed: string;
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type SecretListing = {
  readonly limit: number;
  readonly beforeId?: string | undefined;
  readonly offset?: number | undefined;
  readonly provider?: string | undefined;
};

export interface ProviderSecretStore {
  /** @throws QueryError 23505 when the provider has a secret of that name */
  insert(workspaceId: string, secret: SealedSecret): Promise<void>;
  find(workspaceId: string, id: string): Promise<SealedSecret | undefined>;
  findByName(workspaceId: string, provider: string, name: string): Promise<SealedSecret | undefined>;
  /** Newest first. */
  list(workspaceId: string, listing: SecretListing): Promise<SealedSecret[]>;
  count(workspaceId: string): Promise<number>;
  /** Undefined when there is none. */
  reseal(workspaceId: string, id: string, sealed: string, at: Date): Promise<SealedSecret | undefined>;
  remove(workspaceId: string, id: string): Promise<boolean>;
}

export function createProviderSecretStore({ drizzle }: Database): ProviderSecretStore {
  const isWanted = (workspaceId: string, id: string) =>
    and(eq(providerSecrets.id, id), eq(providerSecrets.workspaceId, workspaceId));

  return withoutParameters<ProviderSecretStore>({
    async insert(workspaceId, { createdAt, updatedAt, ...secret }) {
      await drizzle
        .insert(providerSecrets)
        .values({ ...secret, workspaceId, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) });
    },

    async find(workspaceId, id) {
      const [row] = await drizzle.select().from(providerSecrets).where(isWanted(workspaceId, id));
      return row === undefined ? undefined : toSecret(row);
    },

    async findByName(workspaceId, provider, name) {
      const [row] = await drizzle
        .select()
        .from(providerSecrets)
        .where(
          and(
            eq(providerSecrets.workspaceId, workspaceId),
            eq(providerSecrets.provider, provider),
            eq(providerSecrets.name, name),
          ),
        );
      return row === undefined ? undefined : toSecret(row);
    },

    async list(workspaceId, { limit, beforeId, offset, provider }) {
      const rows = await drizzle
        .select()
        .from(providerSecrets)
        .where(
          and(
            eq(providerSecrets.workspaceId, workspaceId),
            beforeId === undefined ? undefined : lt(providerSecrets.id, beforeId),
            provider === undefined ? undefined : eq(providerSecrets.provider, provider),
          ),
        )
        .orderBy(desc(providerSecrets.id))
        .limit(limit)
        .offset(offset ?? 0);
      return rows.map(toSecret);
    },

    async count(workspaceId) {
      const [total] = await drizzle
        .select({ secrets: count() })
        .from(providerSecrets)
        .where(eq(providerSecrets.workspaceId, workspaceId));
      return total?.secrets ?? 0;
    },

    async reseal(workspaceId, id, sealed, at) {
      const [row] = await drizzle
        .update(providerSecrets)
        .set({ sealed, updatedAt: at })
        .where(isWanted(workspaceId, id))
        .returning();
      return row === undefined ? undefined : toSecret(row);
    },

    async remove(workspaceId, id) {
      const removed = await drizzle
        .delete(providerSecrets)
        .where(isWanted(workspaceId, id))
        .returning({ id: providerSecrets.id });
      return removed.length === 1;
    },
  });
}

function toSecret(row: typeof providerSecrets.$inferSelect): SealedSecret {
  return {
    id: row.id,
    provider: row.provider,
    name: row.name,
    sealed: row.sealed,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
