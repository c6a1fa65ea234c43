import { and, asc, count, desc, eq, gt, gte, inArray, lt, or, sql } from "drizzle-orm";
import { type Parties, touchConversation } from "../conversations/store.ts";
import { firstIdAt, timeOfId } from "../new-id.ts";
import type { Database, Transaction } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { messages } from "../storage/schema.ts";
import { createOutbox, type Outbox } from "../webhooks/outbox.ts";
import type { Message, MessageDelivery, Reaction } from "./message.ts";
import { type MessageEvent, toMessageEvents, toReactionEvent, toStatusEvents } from "./message-event.ts";

export type MessageFilter = {
  readonly conversationId?: string | undefined;
  readonly phoneNumberId?: string | undefined;
  readonly agentId?: string | undefined;
  /** Older than that. */
  readonly before?: Date | undefined;
  /** Newer than that. */
  readonly after?: Date | undefined;
};

/** One party's copy of a message before it is stored: its conversation is found or made. */
export type NewCopy = {
  readonly parties: Parties;
  readonly message: Omit<Message, "conversationId" | "replyToId">;
  /** The sender's copy of the message that this one answers. */
  readonly replyToOriginId?: string | undefined;
};

export interface MessageStore {
  /** Stores all copies of one message, their conversations and events in one transaction. */
  record(copies: readonly NewCopy[], at: Date): Promise<Message[]>;
  find(workspaceId: string, id: string): Promise<Message | undefined>;
  findAll(workspaceId: string, ids: readonly string[]): Promise<Message[]>;
  /** In whatever workspace. */
  findAnywhere(id: string): Promise<Message | undefined>;
  /** By the carrier's own id. */
  findOfCarrier(phoneNumberId: string, carrierMessageId: string): Promise<Message | undefined>;
  /**
   * Stores what `change` makes of a message's status, error, carrier's id and delivery, and tells webhooks; undefined
   * when there is no such message, or `change` leaves it.
   */
  change(id: string, change: (message: Message) => Message | undefined, at: Date): Promise<Message | undefined>;
  /** Ids of those that wait for their carrier, oldest first. */
  listQueued(limit: number): Promise<string[]>;
  /** How many answers of agents there are in a conversation since then. */
  countAnswers(conversationId: string, since: Date): Promise<number>;
  /** Whether an agent has answered the message. */
  isAnswered(conversationId: string, messageId: string): Promise<boolean>;
  /** The copy in a conversation of the message of which the sender's copy is `originId`. */
  findCopy(conversationId: string, originId: string): Promise<Message | undefined>;
  /** Newest first. */
  list(workspaceId: string, filter: MessageFilter & { readonly limit: number }): Promise<Message[]>;
  count(workspaceId: string, filter?: MessageFilter): Promise<number>;
  /** Adds a reaction to each of the copies, in one transaction; gives the message of `id`. */
  react(
    id: string,
    change: { readonly copyIds: readonly string[]; readonly add: (copy: Message) => Reaction | undefined },
    at: Date,
  ): Promise<Message | undefined>;
}

/** @param outbox where messages are told; by default to whoever listens at the next look */
export function createMessageStore({ drizzle }: Database, outbox: Outbox = createOutbox()): MessageStore {
  return withoutParameters<MessageStore>({
    async record(copies, at) {
      const recorded = await drizzle.transaction(async (transaction) => {
        const stored = new Map<NewCopy, Message>();
        for (const copy of inLockingOrder(copies)) stored.set(copy, await insert(transaction, copy, at));
        const inOrder = copies.flatMap((copy) => stored.get(copy) ?? []);
        await outbox.record(
          transaction,
          inOrder.flatMap((message) => toMessageEvents(message, at)),
        );
        return inOrder;
      });
      outbox.wake();
      return recorded;
    },

    async find(workspaceId, id) {
      const [row] = await drizzle
        .select()
        .from(messages)
        .where(and(eq(messages.id, id), eq(messages.workspaceId, workspaceId)));
      return row === undefined ? undefined : toMessage(row);
    },

    async findAll(workspaceId, ids) {
      if (ids.length === 0) return [];
      const rows = await drizzle
        .select()
        .from(messages)
        .where(and(inArray(messages.id, [...ids]), eq(messages.workspaceId, workspaceId)));
      return rows.map(toMessage);
    },

    async findAnywhere(id) {
      const [row] = await drizzle.select().from(messages).where(eq(messages.id, id));
      return row === undefined ? undefined : toMessage(row);
    },

    async findOfCarrier(phoneNumberId, carrierMessageId) {
      const [row] = await drizzle
        .select()
        .from(messages)
        .where(and(eq(messages.phoneNumberId, phoneNumberId), eq(messages.carrierMessageId, carrierMessageId)));
      return row === undefined ? undefined : toMessage(row);
    },

    async change(id, change, at) {
      const changed = await drizzle.transaction(async (transaction) => {
        const [row] = await transaction.select().from(messages).where(eq(messages.id, id)).for("update");
        const before = row === undefined ? undefined : toMessage(row);
        const after = before === undefined ? undefined : change(before);
        if (before === undefined || after === undefined) return undefined;
        const { status, error, carrierMessageId, delivery } = toRow(after);
        await transaction
          .update(messages)
          .set({ status, error, carrierMessageId, delivery })
          .where(eq(messages.id, id));
        await outbox.record(transaction, toStatusEvents(before, after, at));
        return after;
      });
      outbox.wake();
      return changed;
    },

    async listQueued(limit) {
      const rows = await drizzle
        .select({ id: messages.id })
        .from(messages)
        .where(eq(messages.status, "queued"))
        .orderBy(asc(messages.id))
        .limit(limit);
      return rows.map(({ id }) => id);
    },

    async countAnswers(conversationId, since) {
      const [total] = await drizzle
        .select({ messages: count() })
        .from(messages)
        .where(
          and(
            eq(messages.conversationId, conversationId),
            gte(messages.id, firstIdAt("msg", since.getTime())),
            sql`${messages.delivery} ? 'answersId'`,
          ),
        );
      return total?.messages ?? 0;
    },

    async isAnswered(conversationId, messageId) {
      const [found] = await drizzle
        .select({ id: messages.id })
        .from(messages)
        .where(
          and(
            eq(messages.conversationId, conversationId),
            gt(messages.id, messageId),
            eq(sql`${messages.delivery} ->> 'answersId'`, messageId),
          ),
        )
        .limit(1);
      return found !== undefined;
    },

    findCopy: (conversationId, originId) => findCopy(drizzle, conversationId, originId),

    async list(workspaceId, { limit, ...filter }) {
      const rows = await drizzle
        .select()
        .from(messages)
        .where(matches(workspaceId, filter))
        .orderBy(desc(messages.id))
        .limit(limit);
      return rows.map(toMessage);
    },

    async count(workspaceId, filter = {}) {
      const [total] = await drizzle.select({ messages: count() }).from(messages).where(matches(workspaceId, filter));
      return total?.messages ?? 0;
    },

    async react(id, { copyIds, add }, at) {
      const message = await drizzle.transaction(async (transaction) => {
        const rows = await transaction
          .select()
          .from(messages)
          .where(inArray(messages.id, [...copyIds]))
          .orderBy(asc(messages.id))
          .for("update");
        const events: MessageEvent[] = [];
        let wanted: Message | undefined;
        for (const copy of rows.map(toMessage)) {
          const reaction = add(copy);
          const reactions = reaction === undefined ? copy.reactions : [...copy.reactions, reaction];
          if (reaction !== undefined)
            await transaction.update(messages).set({ reactions }).where(eq(messages.id, copy.id));
          if (reaction?.direction === "inbound") events.push(toReactionEvent(copy, reaction, at));
          if (copy.id === id) wanted = { ...copy, reactions };
        }
        await outbox.record(transaction, events);
        return wanted;
      });
      outbox.wake();
      return message;
    },
  });
}

/** Two that write to each other at once lock both conversations in the same order. */
function inLockingOrder(copies: readonly NewCopy[]): NewCopy[] {
  return copies.toSorted((a, b) => (a.parties.phoneNumberId < b.parties.phoneNumberId ? -1 : 1));
}

async function insert(transaction: Transaction, copy: NewCopy, at: Date): Promise<Message> {
  const { parties, message, replyToOriginId } = copy;
  const conversation = await touchConversation(transaction, parties, at, { preview: toPreview(message) });
  const parent =
    replyToOriginId === undefined ? undefined : await findCopy(transaction, conversation.id, replyToOriginId);
  const stored: Message = {
    ...message,
    conversationId: conversation.id,
    ...(parent === undefined ? {} : { replyToId: parent.id }),
  };
  await transaction.insert(messages).values(toRow(stored));
  return stored;
}

/** Copies are made together with their origin: only ids of about that time are looked through. */
async function findCopy(from: Transaction, conversationId: string, originId: string): Promise<Message | undefined> {
  const madeAtMs = timeOfId(originId);
  if (madeAtMs === undefined) return undefined;
  const [row] = await from
    .select()
    .from(messages)
    .where(
      and(
        eq(messages.conversationId, conversationId),
        gte(messages.id, firstIdAt("msg", madeAtMs - COPY_SLACK_MS)),
        lt(messages.id, firstIdAt("msg", madeAtMs + COPY_SLACK_MS)),
        or(eq(messages.id, originId), eq(sql`${messages.sent} -> 'local' ->> 'originId'`, originId)),
      ),
    );
  return row === undefined ? undefined : toMessage(row);
}

const COPY_SLACK_MS = 2000;

const PREVIEW_LENGTH = 100;

function toPreview({ body, mediaUrls }: Pick<Message, "body" | "mediaUrls">): string {
  if (body !== "") return [...body.slice(0, 2 * PREVIEW_LENGTH)].slice(0, PREVIEW_LENGTH).join("");
  return mediaUrls.length === 1 ? "[1 attachment]" : `[${mediaUrls.length} attachments]`;
}

function matches(workspaceId: string, { conversationId, phoneNumberId, agentId, before, after }: MessageFilter) {
  return and(
    eq(messages.workspaceId, workspaceId),
    conversationId === undefined ? undefined : eq(messages.conversationId, conversationId),
    phoneNumberId === undefined ? undefined : eq(messages.phoneNumberId, phoneNumberId),
    agentId === undefined ? undefined : eq(messages.agentId, agentId),
    before === undefined ? undefined : lt(messages.createdAt, before),
    after === undefined ? undefined : gt(messages.createdAt, after),
  );
}

function toRow(message: Message): typeof messages.$inferInsert {
  const { from, to, originId, sent, ...rest } = message;
  return {
    ...rest,
    agentId: message.agentId ?? null,
    fromAddress: from,
    toAddress: to,
    error: message.error ?? null,
    replyToId: message.replyToId ?? null,
    carrierMessageId: message.carrierMessageId ?? null,
    delivery: message.delivery ?? null,
    sent: originId === undefined ? sent : { ...sent, local: { originId } },
    createdAt: new Date(message.createdAt),
  };
}

function toMessage(row: typeof messages.$inferSelect): Message {
  const { local, ...sent } = row.sent as Message["sent"] & { readonly local?: { readonly originId: string } };
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    conversationId: row.conversationId,
    phoneNumberId: row.phoneNumberId,
    ...(row.agentId === null ? {} : { agentId: row.agentId }),
    direction: row.direction as Message["direction"],
    from: row.fromAddress,
    to: row.toAddress,
    body: row.body,
    mediaUrls: row.mediaUrls as string[],
    channel: row.channel as Message["channel"],
    status: row.status as Message["status"],
    ...(row.error === null ? {} : { error: row.error }),
    ...(row.replyToId === null ? {} : { replyToId: row.replyToId }),
    ...(row.carrierMessageId === null ? {} : { carrierMessageId: row.carrierMessageId }),
    ...(row.delivery === null ? {} : { delivery: row.delivery as MessageDelivery }),
    reactions: row.reactions as Reaction[],
    ...(local === undefined ? {} : { originId: local.originId }),
    sent,
    createdAt: row.createdAt.toISOString(),
  };
}
