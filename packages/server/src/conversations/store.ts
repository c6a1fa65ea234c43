import { and, count, desc, eq, lt, sql } from "drizzle-orm";
import { newId } from "../new-id.ts";
import type { Database, Transaction } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { conversations } from "../storage/schema.ts";
import type { Conversation, Participant } from "./conversation.ts";

/** Who talks to whom: what a conversation is known by, and what it starts with. */
export type Parties = {
  readonly workspaceId: string;
  readonly phoneNumberId: string;
  readonly phoneNumber: string;
  readonly agentId?: string | undefined;
  readonly participant: string;
  readonly isGroup: boolean;
  readonly groupName?: string | undefined;
  readonly participants: readonly Participant[];
};

export type ConversationFilter = {
  readonly agentId?: string | undefined;
  readonly phoneNumberId?: string | undefined;
  readonly participant?: string | undefined;
};

export type ConversationListing = ConversationFilter & {
  readonly limit: number;
  readonly beforeId?: string | undefined;
  readonly offset?: number | undefined;
};

export interface ConversationStore {
  /** The conversation of these parties; made when there is none. */
  open(parties: Parties, at: Date): Promise<Conversation>;
  find(workspaceId: string, id: string): Promise<Conversation | undefined>;
  findByParties(
    workspaceId: string,
    parties: { readonly phoneNumberId: string; readonly participant: string },
  ): Promise<Conversation | undefined>;
  /** Newest first. */
  list(workspaceId: string, listing: ConversationListing): Promise<Conversation[]>;
  count(workspaceId: string, filter?: ConversationFilter): Promise<number>;
  /** Stores what `change` makes of its labels; undefined when there is none. */
  update(
    workspaceId: string,
    id: string,
    change: (conversation: Conversation) => Conversation,
  ): Promise<Conversation | undefined>;
}

export function createConversationStore({ drizzle }: Database): ConversationStore {
  const isWanted = (workspaceId: string, id: string) =>
    and(eq(conversations.id, id), eq(conversations.workspaceId, workspaceId));

  return withoutParameters<ConversationStore>({
    open: (parties, at) => touchConversation(drizzle, parties, at),

    async find(workspaceId, id) {
      const [row] = await drizzle.select().from(conversations).where(isWanted(workspaceId, id));
      return row === undefined ? undefined : toConversation(row);
    },

    async findByParties(workspaceId, parties) {
      const [row] = await drizzle.select().from(conversations).where(matches(workspaceId, parties));
      return row === undefined ? undefined : toConversation(row);
    },

    async list(workspaceId, { limit, beforeId, offset, ...filter }) {
      const rows = await drizzle
        .select()
        .from(conversations)
        .where(and(matches(workspaceId, filter), beforeId === undefined ? undefined : lt(conversations.id, beforeId)))
        .orderBy(desc(conversations.id))
        .limit(limit)
        .offset(offset ?? 0);
      return rows.map(toConversation);
    },

    async count(workspaceId, filter = {}) {
      const [total] = await drizzle
        .select({ conversations: count() })
        .from(conversations)
        .where(matches(workspaceId, filter));
      return total?.conversations ?? 0;
    },

    update: (workspaceId, id, change) =>
      drizzle.transaction(async (transaction) => {
        const wanted = isWanted(workspaceId, id);
        const [row] = await transaction.select().from(conversations).where(wanted).for("update");
        if (row === undefined) return undefined;
        const { groupName, metadata, background, updatedAt } = change(toConversation(row));
        const [updated] = await transaction
          .update(conversations)
          .set({
            groupName: groupName ?? null,
            metadata: metadata ?? null,
            background: background ?? null,
            updatedAt: new Date(updatedAt),
          })
          .where(wanted)
          .returning();
        return updated === undefined ? undefined : toConversation(updated);
      }),
  });
}

/**
 * The conversation of these parties, locked until the transaction's end; made when there is none.
 * @param message counts as the newest one
 */
export async function touchConversation(
  transaction: Transaction,
  parties: Parties,
  at: Date,
  message?: { readonly preview: string },
): Promise<Conversation> {
  const { agentId, groupName, participants, ...rest } = parties;
  const added = message === undefined ? 0 : 1;
  const lastMessage =
    message === undefined ? {} : { lastMessageAt: at, lastMessagePreview: message.preview, updatedAt: at };
  const [row] = await transaction
    .insert(conversations)
    .values({
      ...rest,
      ...lastMessage,
      id: newId("conv", at.getTime()),
      agentId: agentId ?? null,
      groupName: groupName ?? null,
      participants,
      messageCount: added,
      createdAt: at,
      updatedAt: at,
    })
    .onConflictDoUpdate({
      target: [conversations.phoneNumberId, conversations.participant],
      set: {
        ...lastMessage,
        messageCount: sql`${conversations.messageCount} + ${added}`,
        agentId: sql`coalesce(excluded.agent_id, ${conversations.agentId})`,
      },
    })
    .returning();
  if (row === undefined) throw new Error("an upserted conversation is gone");
  return toConversation(row);
}

function matches(workspaceId: string, { agentId, phoneNumberId, participant }: ConversationFilter) {
  return and(
    eq(conversations.workspaceId, workspaceId),
    agentId === undefined ? undefined : eq(conversations.agentId, agentId),
    phoneNumberId === undefined ? undefined : eq(conversations.phoneNumberId, phoneNumberId),
    participant === undefined ? undefined : eq(conversations.participant, participant),
  );
}

function toConversation(row: typeof conversations.$inferSelect): Conversation {
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    ...(row.agentId === null ? {} : { agentId: row.agentId }),
    phoneNumberId: row.phoneNumberId,
    phoneNumber: row.phoneNumber,
    participant: row.participant,
    isGroup: row.isGroup,
    ...(row.groupName === null ? {} : { groupName: row.groupName }),
    participants: row.participants as Participant[],
    ...(row.metadata === null ? {} : { metadata: row.metadata as NonNullable<Conversation["metadata"]> }),
    ...(row.background === null ? {} : { background: row.background as NonNullable<Conversation["background"]> }),
    messageCount: row.messageCount,
    ...(row.lastMessageAt === null ? {} : { lastMessageAt: row.lastMessageAt.toISOString() }),
    ...(row.lastMessagePreview === null ? {} : { lastMessagePreview: row.lastMessagePreview }),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
