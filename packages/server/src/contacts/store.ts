import { and, count, desc, eq, ilike, inArray, lt, or } from "drizzle-orm";
import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { contacts } from "../storage/schema.ts";
import type { Contact } from "./contact.ts";

export type ContactListing = {
  readonly limit: number;
  readonly beforeId?: string | undefined;
  readonly offset?: number | undefined;
  /** Part of the name, the number or the e-mail address. */
  readonly search?: string | undefined;
};

export interface ContactStore {
  /** False when the workspace has a contact of that number. */
  insert(workspaceId: string, contact: Contact): Promise<boolean>;
  find(workspaceId: string, id: string): Promise<Contact | undefined>;
  findByNumber(workspaceId: string, phoneNumber: string): Promise<Contact | undefined>;
  findByNumbers(workspaceId: string, phoneNumbers: readonly string[]): Promise<Contact[]>;
  /** Newest first. */
  list(workspaceId: string, listing: ContactListing): Promise<Contact[]>;
  count(workspaceId: string, search?: string): Promise<number>;
  /** Stores what `change` makes of it. @throws QueryError 23505 when another contact has that number */
  update(workspaceId: string, id: string, change: (contact: Contact) => Contact): Promise<Contact | undefined>;
  remove(workspaceId: string, id: string): Promise<boolean>;
}

export function createContactStore({ drizzle }: Database): ContactStore {
  const isWanted = (workspaceId: string, id: string) => and(eq(contacts.id, id), eq(contacts.workspaceId, workspaceId));

  return withoutParameters<ContactStore>({
    async insert(workspaceId, contact) {
      const inserted = await drizzle
        .insert(contacts)
        .values(toRow(workspaceId, contact))
        .onConflictDoNothing({ target: [contacts.workspaceId, contacts.phoneNumber] })
        .returning({ id: contacts.id });
      return inserted.length === 1;
    },

    async find(workspaceId, id) {
      const [row] = await drizzle.select().from(contacts).where(isWanted(workspaceId, id));
      return row === undefined ? undefined : toContact(row);
    },

    async findByNumber(workspaceId, phoneNumber) {
      const [row] = await drizzle
        .select()
        .from(contacts)
        .where(and(eq(contacts.workspaceId, workspaceId), eq(contacts.phoneNumber, phoneNumber)));
      return row === undefined ? undefined : toContact(row);
    },

    async findByNumbers(workspaceId, phoneNumbers) {
      if (phoneNumbers.length === 0) return [];
      const rows = await drizzle
        .select()
        .from(contacts)
        .where(and(eq(contacts.workspaceId, workspaceId), inArray(contacts.phoneNumber, [...phoneNumbers])));
      return rows.map(toContact);
    },

    async list(workspaceId, { limit, beforeId, offset, search }) {
      const rows = await drizzle
        .select()
        .from(contacts)
        .where(and(matches(workspaceId, search), beforeId === undefined ? undefined : lt(contacts.id, beforeId)))
        .orderBy(desc(contacts.id))
        .limit(limit)
        .offset(offset ?? 0);
      return rows.map(toContact);
    },

    async count(workspaceId, search) {
      const [total] = await drizzle.select({ contacts: count() }).from(contacts).where(matches(workspaceId, search));
      return total?.contacts ?? 0;
    },

    update: (workspaceId, id, change) =>
      drizzle.transaction(async (transaction) => {
        const [row] = await transaction.select().from(contacts).where(isWanted(workspaceId, id)).for("update");
        if (row === undefined) return undefined;
        const changed = change(toContact(row));
        await transaction.update(contacts).set(toRow(workspaceId, changed)).where(eq(contacts.id, id));
        return changed;
      }),

    async remove(workspaceId, id) {
      const removed = await drizzle.delete(contacts).where(isWanted(workspaceId, id)).returning({ id: contacts.id });
      return removed.length === 1;
    },
  });
}

function matches(workspaceId: string, search: string | undefined) {
  const part = `%${(search ?? "").replace(/[\\%_]/g, "\\$&")}%`;
  return and(
    eq(contacts.workspaceId, workspaceId),
    search === undefined || search === ""
      ? undefined
      : or(ilike(contacts.name, part), ilike(contacts.phoneNumber, part), ilike(contacts.email, part)),
  );
}

function toRow(workspaceId: string, { email, notes, createdAt, updatedAt, ...rest }: Contact) {
  return {
    ...rest,
    workspaceId,
    email: email ?? null,
    notes: notes ?? null,
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
  };
}

function toContact(row: typeof contacts.$inferSelect): Contact {
  return {
    id: row.id,
    phoneNumber: row.phoneNumber,
    name: row.name,
    ...(row.email === null ? {} : { email: row.email }),
    ...(row.notes === null ? {} : { notes: row.notes }),
    metadata: row.metadata as Contact["metadata"],
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
