import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** Tenants. Sub-accounts and child organisations are workspaces with a parent. */
export const workspaces = pgTable(
  "workspaces",
  {
    id: text("id").primaryKey(),
    parentId: text("parent_id"),
    name: text("name").notNull(),
    settings: jsonb("settings").notNull(),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
    deletedAt: moment("deleted_at"),
  },
  (table) => [index("workspaces_by_parent").on(table.parentId, table.id)],
);

export const apiKeys = pgTable(
  "api_keys",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    name: text("name").notNull(),
    /** The first characters, by which people tell keys apart. */
    prefix: text("prefix").notNull(),
    /** SHA-256 of the key (hex). */
    hash: text("hash").notNull(),
    scopes: jsonb("scopes").notNull(),
    createdAt: moment("created_at").notNull(),
    expiresAt: moment("expires_at"),
    lastUsedAt: moment("last_used_at"),
    revokedAt: moment("revoked_at"),
  },
  (table) => [
    uniqueIndex("api_keys_by_hash").on(table.hash),
    index("api_keys_by_workspace").on(table.workspaceId, table.id),
  ],
);

/** Keys of model vendors, carriers and the like, sealed. */
export const providerSecrets = pgTable(
  "provider_secrets",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    provider: text("provider").notNull(),
    name: text("name").notNull(),
    sealed: text("sealed").notNull(),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
  },
  (table) => [uniqueIndex("provider_secrets_by_name").on(table.workspaceId, table.provider, table.name)],
);

/** What a write with an Idempotency-Key was answered, so that its repetition is answered alike. */
export const idempotencyRecords = pgTable(
  "idempotency_records",
  {
    workspaceId: text("workspace_id").notNull(),
    key: text("key").notNull(),
    /** SHA-256 of method, path and body. */
    fingerprint: text("fingerprint").notNull(),
    /** Absent while the first request is under way. */
    status: integer("status"),
    /** Headers and body as JSON, sealed: an answer may hold a key that is shown only once. */
    sealedAnswer: text("sealed_answer"),
    createdAt: moment("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.key] }),
    index("idempotency_records_by_age").on(table.createdAt),
  ],
);

/** Resources that are kept whole and never queried into: one table for all of them. */
export const documents = pgTable(
  "documents",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    kind: text("kind").notNull(),
    /** What it belongs to, such as a lead's campaign. */
    parentId: text("parent_id"),
    document: jsonb("document").notNull(),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
  },
  (table) => [
    index("documents_by_kind").on(table.workspaceId, table.kind, table.id),
    index("documents_by_parent").on(table.parentId, table.id).where(sql`${table.parentId} is not null`),
  ],
);
