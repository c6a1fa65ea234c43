import { sql } from "drizzle-orm";
import {
  boolean,
  doublePrecision,
  foreignKey,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from "drizzle-orm/pg-core";
import { agentRevisions } from "./agents.ts";
import { moment } from "./columns.ts";

export const calls = pgTable(
  "calls",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    /** Absent when the call brought its own agent, or its agent was deleted. */
    agentId: text("agent_id"),
    /** What the call is held with; absent when it brought its own agent. */
    revisionOf: text("revision_of"),
    agentRevision: integer("agent_revision"),
    /** The deployed version that it is held with; absent for the working version. */
    agentVersion: integer("agent_version"),
    agentName: text("agent_name").notNull(),
    /** Settings of the agent for this call alone; absent when it is the revision's. */
    agentDocument: jsonb("agent_document"),
    direction: text("direction").notNull(),
    pace: text("pace").notNull(),
    status: text("status").notNull(),
    endReason: text("end_reason"),
    /** Why it failed, in words. */
    error: text("error"),
    fromNumber: text("from_number"),
    toNumber: text("to_number"),
    phoneNumberId: text("phone_number_id"),
    /** The other half of a call between two local numbers. */
    peerCallId: text("peer_call_id"),
    variables: jsonb("variables").notNull(),
    metadata: jsonb("metadata").notNull(),
    /** What clients of each dialect sent, verbatim, by dialect. */
    sent: jsonb("sent").notNull(),
    /** SHA-256 (hex) of the token that opens the call's audio. */
    tokenHash: text("token_hash").notNull(),
    /** Until when the token may begin the call; absent = it leads back to a call that has begun. */
    tokenExpiresAt: moment("token_expires_at"),
    /** The node that holds the call. */
    nodeId: text("node_id").notNull(),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
    startedAt: moment("started_at"),
    endedAt: moment("ended_at"),
    durationMs: integer("duration_ms"),
    /** Written by the job finish-call. */
    summary: jsonb("summary"),
    quality: jsonb("quality"),
    /** What became of its recording; absent when it isn't recorded. */
    recording: jsonb("recording"),
    /** How a placed call fared on its way. */
    dial: jsonb("dial"),
    /** When a scheduled call is to be placed. */
    startAt: moment("start_at"),
    /** When it went out; absent on calls that came in or still wait for their time. */
    placedAt: moment("placed_at"),
    deletedAt: moment("deleted_at"),
  },
  (table) => [
    foreignKey({
      columns: [table.revisionOf, table.agentRevision],
      foreignColumns: [agentRevisions.agentId, agentRevisions.revision],
    }),
    index("calls_by_workspace").on(table.workspaceId, table.id),
    index("calls_by_agent").on(table.agentId, table.id),
    index("calls_by_number").on(table.phoneNumberId, table.id).where(sql`${table.phoneNumberId} is not null`),
    index("calls_not_ended").on(table.nodeId).where(sql`${table.status} <> 'ended'`),
    index("calls_with_recording")
      .on(table.endedAt)
      .where(sql`${table.recording} ->> 'status' in ('recording', 'waiting', 'stored')`),
    index("calls_dialled")
      .on(table.workspaceId, sql`coalesce(${table.startAt}, ${table.createdAt})`)
      .where(sql`coalesce(${table.dial} ->> 'trunkId', ${table.dial} ->> 'carrierAccountId') is not null`),
    index("calls_placed").on(table.workspaceId, table.placedAt).where(sql`${table.placedAt} is not null`),
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

/** What a workspace pays for besides its calls: whom a trunk or a carrier has connected their far ends with. */
export const dialledLegs = pgTable(
  "dialled_legs",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    /** On whose behalf. */
    callId: text("call_id").notNull(),
    /** Else until it is told to have ended, or expires. */
    endsWithCall: boolean("ends_with_call").notNull(),
    /** The carrier that tells when it ends, of this call of its. */
    carrierAccountId: text("carrier_account_id"),
    carrierCallId: text("carrier_call_id"),
    pricePerMinute: doublePrecision("price_per_minute").notNull(),
    /** That are paid for while it lasts. */
    lines: integer("lines").notNull(),
    startedAt: moment("started_at").notNull(),
    /** Absent: it goes on, as far as is known. */
    endedAt: moment("ended_at"),
    /** It isn't counted any longer, whatever is known. */
    expiresAt: moment("expires_at").notNull(),
  },
  (table) => [
    index("dialled_legs_by_workspace").on(table.workspaceId, table.startedAt),
    index("dialled_legs_at_carriers")
      .on(table.carrierAccountId, table.carrierCallId)
      .where(sql`${table.endedAt} is null`),
  ],
);

/** Servers that share a Postgres; one that stops writing its heartbeat is dead. */
export const nodes = pgTable("nodes", {
  id: text("id").primaryKey(),
  startedAt: moment("started_at").notNull(),
  heartbeatAt: moment("heartbeat_at").notNull(),
});

/** Calls that carriers have told of in the last 90 days, each once: what is told again is no new call. */
export const carrierCalls = pgTable(
  "carrier_calls",
  {
    accountId: text("account_id").notNull(),
    carrierCallId: text("carrier_call_id").notNull(),
    createdAt: moment("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.carrierCallId] })],
);
