import { and, asc, count, desc, eq, ilike, inArray, lt, sql } from "drizzle-orm";
import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { phoneNumbers } from "../storage/schema.ts";
import type { PhoneNumber } from "./phone-number.ts";

export type PhoneNumberFilter = {
  readonly status?: PhoneNumber["status"] | undefined;
  readonly agentId?: string | undefined;
  readonly workflowId?: string | undefined;
  readonly sipTrunkId?: string | undefined;
  /** Part of the number. */
  readonly search?: string | undefined;
};

export type PhoneNumberListing = PhoneNumberFilter & {
  readonly limit: number;
  readonly beforeId?: string | undefined;
  readonly offset?: number | undefined;
};

export interface PhoneNumberStore {
  /** False when the number is active already, in whatever workspace. */
  insert(number: PhoneNumber): Promise<boolean>;
  find(workspaceId: string, id: string): Promise<PhoneNumber | undefined>;
  /** For routing: the active number, whoever has it. */
  findActive(phoneNumber: string): Promise<PhoneNumber | undefined>;
  /** The workspace's active number with this extension. */
  findExtension(workspaceId: string, extension: string): Promise<PhoneNumber | undefined>;
  /** As `findActive`, for several at once. */
  findAllActive(phoneNumbers: readonly string[]): Promise<PhoneNumber[]>;
  /** Newest first. */
  list(workspaceId: string, listing: PhoneNumberListing): Promise<PhoneNumber[]>;
  count(workspaceId: string, filter?: PhoneNumberFilter): Promise<number>;
  /** Where the workspace's active numbers are; ISO 3166-1 alpha-2. */
  countries(workspaceId: string): Promise<string[]>;
  /** Active ones, in whatever workspaces. */
  countOfCarrierAccount(carrierAccountId: string): Promise<number>;
  /** Stores what `change` makes of it; undefined when there is none. */
  update(
    workspaceId: string,
    id: string,
    change: (number: PhoneNumber) => PhoneNumber,
  ): Promise<PhoneNumber | undefined>;
  /** Stores what becomes of it and what takes its place, in one transaction; gives the latter. */
  replace(
    workspaceId: string,
    id: string,
    change: (number: PhoneNumber) => readonly [PhoneNumber, PhoneNumber],
  ): Promise<PhoneNumber | undefined>;
}

export function createPhoneNumberStore({ drizzle }: Database): PhoneNumberStore {
  const isWanted = (workspaceId: string, id: string) =>
    and(eq(phoneNumbers.id, id), eq(phoneNumbers.workspaceId, workspaceId));
  const isActive = eq(phoneNumbers.status, "active");

  return withoutParameters<PhoneNumberStore>({
    async insert(number) {
      const inserted = await drizzle
        .insert(phoneNumbers)
        .values(toRow(number))
        .onConflictDoNothing({ target: phoneNumbers.phoneNumber, where: sql`status = 'active'` })
        .returning({ id: phoneNumbers.id });
      return inserted.length === 1;
    },

    async find(workspaceId, id) {
      const [row] = await drizzle.select().from(phoneNumbers).where(isWanted(workspaceId, id));
      return row === undefined ? undefined : toPhoneNumber(row);
    },

    async findActive(phoneNumber) {
      const [row] = await drizzle
        .select()
        .from(phoneNumbers)
        .where(and(eq(phoneNumbers.phoneNumber, phoneNumber), isActive));
      return row === undefined ? undefined : toPhoneNumber(row);
    },

    async findExtension(workspaceId, extension) {
      if (!/^\d{2,6}$/.test(extension)) return undefined;
      const [row] = await drizzle
        .select()
        .from(phoneNumbers)
        .where(
          and(
            eq(phoneNumbers.workspaceId, workspaceId),
            isActive,
            sql`${phoneNumbers.document} ->> 'extension' = ${extension}`,
          ),
        )
        .orderBy(asc(phoneNumbers.id))
        .limit(1);
      return row === undefined ? undefined : toPhoneNumber(row);
    },

    async findAllActive(wanted) {
      if (wanted.length === 0) return [];
      const rows = await drizzle
        .select()
        .from(phoneNumbers)
        .where(and(inArray(phoneNumbers.phoneNumber, [...wanted]), isActive));
      return rows.map(toPhoneNumber);
    },

    async list(workspaceId, { limit, beforeId, offset, ...filter }) {
      const rows = await drizzle
        .select()
        .from(phoneNumbers)
        .where(and(matches(workspaceId, filter), beforeId === undefined ? undefined : lt(phoneNumbers.id, beforeId)))
        .orderBy(desc(phoneNumbers.id))
        .limit(limit)
        .offset(offset ?? 0);
      return rows.map(toPhoneNumber);
    },

    async count(workspaceId, filter = {}) {
      const [total] = await drizzle.select({ numbers: count() }).from(phoneNumbers).where(matches(workspaceId, filter));
      return total?.numbers ?? 0;
    },

    async countries(workspaceId) {
      const { country } = phoneNumbers;
      const rows = await drizzle
        .selectDistinct({ country })
        .from(phoneNumbers)
        .where(and(eq(phoneNumbers.workspaceId, workspaceId), isActive))
        .orderBy(asc(country));
      return rows.map((row) => row.country);
    },

    async countOfCarrierAccount(carrierAccountId) {
      const [total] = await drizzle
        .select({ numbers: count() })
        .from(phoneNumbers)
        .where(and(eq(phoneNumbers.carrierAccountId, carrierAccountId), isActive));
      return total?.numbers ?? 0;
    },

    update: (workspaceId, id, change) =>
      drizzle.transaction(async (transaction) => {
        const [row] = await transaction.select().from(phoneNumbers).where(isWanted(workspaceId, id)).for("update");
        if (row === undefined) return undefined;
        const changed = change(toPhoneNumber(row));
        await transaction.update(phoneNumbers).set(toRow(changed)).where(eq(phoneNumbers.id, id));
        return changed;
      }),

    replace: (workspaceId, id, change) =>
      drizzle.transaction(async (transaction) => {
        const [row] = await transaction.select().from(phoneNumbers).where(isWanted(workspaceId, id)).for("update");
        if (row === undefined) return undefined;
        const [before, after] = change(toPhoneNumber(row));
        await transaction.update(phoneNumbers).set(toRow(before)).where(eq(phoneNumbers.id, id));
        await transaction.insert(phoneNumbers).values(toRow(after));
        return after;
      }),
  });
}

function matches(workspaceId: string, filter: PhoneNumberFilter) {
  const { status, agentId, workflowId, sipTrunkId, search } = filter;
  return and(
    eq(phoneNumbers.workspaceId, workspaceId),
    status === undefined ? undefined : eq(phoneNumbers.status, status),
    agentId === undefined ? undefined : eq(phoneNumbers.agentId, agentId),
    workflowId === undefined ? undefined : eq(phoneNumbers.workflowId, workflowId),
    sipTrunkId === undefined ? undefined : eq(phoneNumbers.sipTrunkId, sipTrunkId),
    search === undefined ? undefined : ilike(phoneNumbers.phoneNumber, `%${search.replace(/[\\%_]/g, "\\$&")}%`),
  );
}

function toRow(number: PhoneNumber): typeof phoneNumbers.$inferInsert {
  const { name, contactCard, metadata, sent, sealedSoftphonePassword, carrierNumber, extension } = number;
  return {
    id: number.id,
    workspaceId: number.workspaceId,
    phoneNumber: number.phoneNumber,
    country: number.country,
    source: number.source,
    status: number.status,
    agentId: number.agentId ?? null,
    workflowId: number.workflowId ?? null,
    sipTrunkId: number.sipTrunkId ?? null,
    carrierAccountId: number.carrierAccountId ?? null,
    document: { name, contactCard, metadata, sent, sealedSoftphonePassword, carrierNumber, extension },
    createdAt: new Date(number.createdAt),
    updatedAt: new Date(number.updatedAt),
    releasedAt: number.releasedAt === undefined ? null : new Date(number.releasedAt),
  };
}

function toPhoneNumber(row: typeof phoneNumbers.$inferSelect): PhoneNumber {
  const document = row.document as Pick<
    PhoneNumber,
    "name" | "contactCard" | "metadata" | "sent" | "sealedSoftphonePassword" | "carrierNumber" | "extension"
  >;
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    phoneNumber: row.phoneNumber,
    country: row.country,
    source: row.source as PhoneNumber["source"],
    status: row.status as PhoneNumber["status"],
    ...(row.agentId === null ? {} : { agentId: row.agentId }),
    ...(row.workflowId === null ? {} : { workflowId: row.workflowId }),
    ...(row.sipTrunkId === null ? {} : { sipTrunkId: row.sipTrunkId }),
    ...(row.carrierAccountId === null ? {} : { carrierAccountId: row.carrierAccountId }),
    ...document,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    ...(row.releasedAt === null ? {} : { releasedAt: row.releasedAt.toISOString() }),
  };
}
