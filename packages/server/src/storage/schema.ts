/** The tables. Change them here, then run `npm run migrations -w packages/server` and commit what it writes. */
import { sql } from "drizzle-orm";
import {
  doublePrecision,
  foreignKey,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date", precision: 3 });

export const agents = pgTable(
  "agents",
  {
    id: text("id").primaryKey(),
    /** Copied from the current version for lists. */
    name: text("name").notNull(),
    version: integer("version").notNull(),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
    /** Set instead of deleting the row: past calls keep what they were held with. */
    deletedAt: moment("deleted_at"),
  },
  (table) => [index("agents_by_name").on(table.name)],
);

/** Each change of an agent is a new immutable document. */
export const agentVersions = pgTable(
  "agent_versions",
  {
    agentId: text("agent_id")
      .notNull()
      .references(() => agents.id),
    version: integer("version").notNull(),
    document: jsonb("document").notNull(),
    createdAt: moment("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.agentId, table.version] })],
);

export const calls = pgTable(
  "calls",
  {
    id: text("id").primaryKey(),
    agentId: text("agent_id").notNull(),
    agentVersion: integer("agent_version").notNull(),
    agentName: text("agent_name").notNull(),
    type: text("type").notNull(),
    pace: text("pace").notNull(),
    status: text("status").notNull(),
    endReason: text("end_reason"),
    variables: jsonb("variables").notNull(),
    metadata: jsonb("metadata").notNull(),
    /** SHA-256 (hex) of the token that opens the call's audio. */
    tokenHash: text("token_hash").notNull(),
    /** The node that holds the call. */
    nodeId: text("node_id").notNull(),
    createdAt: moment("created_at").notNull(),
    startedAt: moment("started_at"),
    endedAt: moment("ended_at"),
    durationMs: integer("duration_ms"),
    /** Written by the job finish-call. */
    summary: jsonb("summary"),
  },
  (table) => [
    foreignKey({
      columns: [table.agentId, table.agentVersion],
      foreignColumns: [agentVersions.agentId, agentVersions.version],
    }),
    index("calls_by_agent").on(table.agentId, table.id),
    index("calls_not_ended").on(table.nodeId).where(sql`${table.status} <> 'ended'`),
    index("calls_unfinished").on(table.id).where(sql`${table.status} = 'ended' and ${table.summary} is null`),
  ],
);

/** The journal. */
export const callEvents = pgTable(
  "call_events",
  {
    callId: text("call_id")
      .notNull()
      .references(() => calls.id),
    seq: integer("seq").notNull(),
    /** Milliseconds since the call began. */
    atMs: doublePrecision("at_ms").notNull(),
    /** `json`, not `jsonb`: kept as it was written, whatever was said. */
    event: json("event").notNull(),
    effects: json("effects").notNull(),
  },
  (table) => [primaryKey({ columns: [table.callId, table.seq] })],
);

export const apiKeys = pgTable(
  "api_keys",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    /** The first characters, by which people tell keys apart. */
    prefix: text("prefix").notNull(),
    /** SHA-256 of the key (hex). */
    hash: text("hash").notNull(),
    createdAt: moment("created_at").notNull(),
    revokedAt: moment("revoked_at"),
  },
  (table) => [uniqueIndex("api_keys_by_hash").on(table.hash)],
);

/** Servers that share a Postgres; one that stops writing its heartbeat is dead. */
export const nodes = pgTable("nodes", {
  id: text("id").primaryKey(),
  startedAt: moment("started_at").notNull(),
  heartbeatAt: moment("heartbeat_at").notNull(),
});
