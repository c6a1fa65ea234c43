import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

export const agents = pgTable(
  "agents",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    /** Copied from the working revision for lists. */
    name: text("name").notNull(),
    /** The working revision: counts the changes, from 1. */
    revision: integer("revision").notNull(),
    /** The latest deployed version; 0 = never deployed. */
    version: integer("version").notNull(),
    deployedRevision: integer("deployed_revision"),
    deployedAt: moment("deployed_at"),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
    /** Set instead of deleting the row: past calls keep what they were held with. */
    deletedAt: moment("deleted_at"),
  },
  (table) => [
    index("agents_by_workspace").on(table.workspaceId, table.id),
    index("agents_by_name").on(table.workspaceId, sql`lower(${table.name})`),
  ],
);

/** Each change of an agent is a new immutable document. */
export const agentRevisions = pgTable(
  "agent_revisions",
  {
    agentId: text("agent_id")
      .notNull()
      .references(() => agents.id),
    revision: integer("revision").notNull(),
    document: jsonb("document").notNull(),
    /** What clients of each dialect sent, verbatim, by dialect. */
    sent: jsonb("sent").notNull(),
    createdAt: moment("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.agentId, table.revision] })],
);

/** Which revision was frozen under which version number. */
export const agentDeployments = pgTable(
  "agent_deployments",
  {
    agentId: text("agent_id")
      .notNull()
      .references(() => agents.id),
    version: integer("version").notNull(),
    revision: integer("revision").notNull(),
    note: text("note"),
    deployedAt: moment("deployed_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.agentId, table.version] })],
);

export const phoneNumbers = pgTable(
  "phone_numbers",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    /** E.164. */
    phoneNumber: text("phone_number").notNull(),
    country: text("country").notNull(),
    /** local, trunk or carrier. */
    source: text("source").notNull(),
    /** active or released. */
    status: text("status").notNull(),
    agentId: text("agent_id"),
    workflowId: text("workflow_id"),
    sipTrunkId: text("sip_trunk_id"),
    carrierAccountId: text("carrier_account_id"),
    /** What needs no column: name, contact card, metadata, what the carrier knows it by, what dialects sent. */
    document: jsonb("document").notNull(),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
    releasedAt: moment("released_at"),
  },
  (table) => [
    uniqueIndex("phone_numbers_active").on(table.phoneNumber).where(sql`${table.status} = 'active'`),
    index("phone_numbers_by_workspace").on(table.workspaceId, table.id),
    index("phone_numbers_by_agent").on(table.agentId).where(sql`${table.agentId} is not null`),
    index("phone_numbers_by_carrier_account")
      .on(table.carrierAccountId)
      .where(sql`${table.carrierAccountId} is not null`),
  ],
);
