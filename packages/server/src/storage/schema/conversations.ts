import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

export const contacts = pgTable(
  "contacts",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    /** E.164. */
    phoneNumber: text("phone_number").notNull(),
    name: text("name").notNull(),
    email: text("email"),
    notes: text("notes"),
    metadata: jsonb("metadata").notNull(),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
  },
  (table) => [
    uniqueIndex("contacts_by_number").on(table.workspaceId, table.phoneNumber),
    index("contacts_by_workspace").on(table.workspaceId, table.id),
  ],
);

/** Messages between one of our numbers and somebody else, or a group. */
export const conversations = pgTable(
  "conversations",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    agentId: text("agent_id"),
    phoneNumberId: text("phone_number_id").notNull(),
    /** Our number, E.164. */
    phoneNumber: text("phone_number").notNull(),
    /** Who is on the other side: a number, an e-mail address, or a group's id. */
    participant: text("participant").notNull(),
    isGroup: boolean("is_group").notNull(),
    groupName: text("group_name"),
    participants: jsonb("participants").notNull(),
    metadata: jsonb("metadata"),
    background: jsonb("background"),
    messageCount: integer("message_count").notNull(),
    lastMessageAt: moment("last_message_at"),
    lastMessagePreview: text("last_message_preview"),
    createdAt: moment("created_at").notNull(),
    updatedAt: moment("updated_at").notNull(),
  },
  (table) => [
    uniqueIndex("conversations_by_parties").on(table.phoneNumberId, table.participant),
    index("conversations_by_workspace").on(table.workspaceId, table.id),
    index("conversations_by_agent").on(table.agentId, table.id).where(sql`${table.agentId} is not null`),
  ],
);

export const messages = pgTable(
  "messages",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id").notNull(),
    conversationId: text("conversation_id")
      .notNull()
      .references(() => conversations.id),
    phoneNumberId: text("phone_number_id").notNull(),
    agentId: text("agent_id"),
    /** inbound or outbound. */
    direction: text("direction").notNull(),
    fromAddress: text("from_address").notNull(),
    toAddress: text("to_address").notNull(),
    body: text("body").notNull(),
    mediaUrls: jsonb("media_urls").notNull(),
    /** sms or mms. */
    channel: text("channel").notNull(),
    /** queued, sent, delivered, received or failed. */
    status: text("status").notNull(),
    error: text("error"),
    replyToId: text("reply_to_id"),
    /** [{ id, reaction, fromAddress, direction, createdAt }] */
    reactions: jsonb("reactions").notNull(),
    /** What clients of each dialect sent, verbatim, by dialect. */
    sent: jsonb("sent").notNull(),
    /** Of messages that a carrier brings: { accountId, attemptedAt, code, isHeeded … } */
    delivery: jsonb("delivery"),
    /** The carrier's own id of the message. */
    carrierMessageId: text("carrier_message_id"),
    createdAt: moment("created_at").notNull(),
  },
  (table) => [
    uniqueIndex("messages_by_carrier")
      .on(table.phoneNumberId, table.carrierMessageId)
      .where(sql`${table.carrierMessageId} is not null`),
    uniqueIndex("messages_answers")
      .on(sql`(${table.delivery} ->> 'answersId')`)
      .where(sql`${table.delivery} ->> 'answersId' is not null`),
    index("messages_queued").on(table.id).where(sql`${table.status} = 'queued'`),
    index("messages_by_conversation").on(table.conversationId, table.id),
    index("messages_by_number").on(table.phoneNumberId, table.id),
    index("messages_by_workspace").on(table.workspaceId, table.id),
  ],
);

/** Who asked a number not to write to them any more. */
export const optOuts = pgTable(
  "opt_outs",
  {
    workspaceId: text("workspace_id").notNull(),
    /** Ours, E.164. */
    phoneNumber: text("phone_number").notNull(),
    recipient: text("recipient").notNull(),
    /** As it was written, e.g. STOP. */
    word: text("word").notNull(),
    createdAt: moment("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.phoneNumber, table.recipient] })],
);
