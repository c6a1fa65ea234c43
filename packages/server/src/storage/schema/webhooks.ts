import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

export const webhookEndpoints = pgTable(
  "webhook_endpoints",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    /** Hears of this agent alone; absent = of the whole workspace. */
    agentId: text("agent_id"),
    /** Whose envelope, event names and signature: earshot, agentphone, wordcab, hms or voicy. */
    dialect: text("dialect").notNull(),
    url: text("url").notNull(),
    description: text("description").notNull(),
    /** Sealed; absent = requests go unsigned. */
    sealedSecret: text("sealed_secret"),
    /** Types of events (ours); ["*"] = all. */
    events: jsonb("events").notNull(),
    /** Of the dialect: context limit, timeout, extra headers, … */
    settings: jsonb("settings").notNull(),
    isEnabled: boolean("is_enabled").notNull(),
    /** Failed attempts since the last success. */
    failures: integer("failures").notNull(),
    /** The circuit is open until then: nothing is sent. */
    openUntil: moment("open_until"),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
    deletedAt: moment("deleted_at"),
  },
  (table) => [
    index("webhook_endpoints_by_workspace").on(table.workspaceId, table.id),
    index("webhook_endpoints_by_agent").on(table.agentId).where(sql`${table.agentId} is not null`),
  ],
);

/** What happened to a workspace's objects, written in the transaction that made it happen. */
export const domainEvents = pgTable(
  "domain_events",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    type: text("type").notNull(),
    agentId: text("agent_id"),
    /** The object: a call, a message, … */
    subjectId: text("subject_id").notNull(),
    data: jsonb("data").notNull(),
    createdAt: moment("created_at").notNull(),
  },
  (table) => [index("domain_events_by_workspace").on(table.workspaceId, table.id)],
);

/** The queue and the log at once. */
export const webhookDeliveries = pgTable(
  "webhook_deliveries",
  {
    /** Stable over retries: receivers drop what they have seen. */
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    endpointId: text("endpoint_id")
      .notNull()
      .references(() => webhookEndpoints.id),
    /** No foreign key: each deleted event would look for its deliveries, which no index finds. */
    eventId: text("event_id").notNull(),
    eventType: text("event_type").notNull(),
    /** Deliveries of one key to one endpoint go out in order. */
    orderKey: text("order_key").notNull(),
    /** pending, delivered or failed (nothing more is tried). */
    status: text("status").notNull(),
    attempts: integer("attempts").notNull(),
    nextAttemptAt: moment("next_attempt_at"),
    /** A dispatcher has it until then. */
    claimedUntil: moment("claimed_until"),
    /** As it was sent first; the same over retries. */
    body: text("body"),
    requestHeaders: jsonb("request_headers"),
    responseStatus: integer("response_status"),
    responseBody: text("response_body"),
    error: text("error"),
    durationMs: integer("duration_ms"),
    /** [{ at, durationMs, status?, error? }] of the attempts before the last. */
    history: jsonb("history").notNull(),
    lastAttemptAt: moment("last_attempt_at"),
    /** Nothing more is tried after it. */
    expiresAt: moment("expires_at").notNull(),
    createdAt: moment("created_at").notNull(),
  },
  (table) => [
    index("webhook_deliveries_due")
      .on(table.endpointId, table.nextAttemptAt, table.id)
      .where(sql`${table.status} = 'pending'`),
    index("webhook_deliveries_in_order")
      .on(table.endpointId, table.orderKey, table.id)
      .where(sql`${table.status} = 'pending'`),
    index("webhook_deliveries_by_endpoint").on(table.endpointId, table.id),
    index("webhook_deliveries_by_workspace").on(table.workspaceId, table.id),
  ],
);
