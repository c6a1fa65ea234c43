import type { JournalEntry, Values } from "@earshot/engine";
import {
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  gte,
  ilike,
  inArray,
  isNotNull,
  isNull,
  lt,
  max,
  ne,
  or,
  sql,
} from "drizzle-orm";
import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { callEvents, calls } from "../storage/schema.ts";
import { createOutbox, type Outbox } from "../webhooks/outbox.ts";
import type { Call, CallDirection, CallEndReason, CallStatus, CallSummary, LineQuality } from "./call.ts";
import { callOver, callStarted } from "./call-events.ts";
import { type CallHold, toCall, toEntry, toRow } from "./call-row.ts";
import type { Dial } from "./dialling/dial.ts";
import { type Placement, placeInRoom, type Room } from "./dialling/room/store.ts";
import { createDialStore, type DialStore, withDial } from "./dialling/store.ts";
import { joinWrites } from "./joined-writes.ts";

export type CallFilter = {
  readonly agentId?: string | readonly string[] | undefined;
  readonly phoneNumberId?: string | undefined;
  readonly status?: CallStatus | undefined;
  readonly statuses?: readonly CallStatus[] | undefined;
  readonly endReasons?: readonly CallEndReason[] | undefined;
  /** In one of these statuses, or ended for one of these reasons. */
  readonly states?:
    | { readonly statuses: readonly CallStatus[]; readonly endReasons: readonly CallEndReason[] }
    | undefined;
  readonly directions?: readonly CallDirection[] | undefined;
  readonly pace?: Call["pace"] | undefined;
  /** Part of either number. */
  readonly number?: string | undefined;
  readonly createdFrom?: Date | undefined;
  readonly createdBefore?: Date | undefined;
};

export type CallListing = CallFilter & {
  readonly limit: number;
  /** Older than this id; with `isAscending` newer. */
  readonly beforeId?: string | undefined;
  readonly offset?: number | undefined;
  /** Oldest first. */
  readonly isAscending?: boolean | undefined;
};

export type CallEnd = {
  readonly reason: CallEndReason;
  /** Why it failed, in words. */
  readonly error?: string;
  readonly endedAt: string;
  readonly durationMs: number;
  /** What became known of its way. */
  readonly dial?: Dial;
  /** What was learnt in it. */
  readonly values?: Values;
};

export type PlaceOptions = {
  /** It is stored, and has waited for its time. */
  readonly isScheduled?: boolean | undefined;
  /** What the workspace may have at once. */
  readonly room?: Room | undefined;
};

export interface CallStore extends DialStore {
  insert(call: Call, hold: CallHold): Promise<void>;
  find(workspaceId: string, id: string): Promise<Call | undefined>;
  /** For what acts on calls of all workspaces: their audio, their end. */
  findAnywhere(id: string): Promise<Call | undefined>;
  /** `expiresAt`: until when it may begin the call; undefined for one that leads back to a call that has begun. */
  findToken(id: string): Promise<{ readonly hash: string; readonly expiresAt: Date | undefined } | undefined>;
  /** Puts the hash of the token that leads back in the place of the one that has begun the call; false when somebody was faster. */
  exchangeToken(id: string, hashes: { readonly from: string; readonly to: string }): Promise<boolean>;
  /** What tells with which settings a call was held: a document of its own, or the agent whose revision it names. */
  findHeldAgent(id: string): Promise<{ readonly document?: unknown; readonly revisionOf?: string } | undefined>;
  /** Newest first. */
  list(workspaceId: string, listing: CallListing): Promise<Call[]>;
  count(workspaceId: string, filter?: CallFilter): Promise<number>;
  /** Changes labels, and what dialects keep beside the call; undefined when there is no such call. */
  update(
    workspaceId: string,
    id: string,
    change: (call: Call) => Partial<Pick<Call, "metadata" | "sent">>,
    at: Date,
  ): Promise<Call | undefined>;
  /** Takes an ended call off every list; false when there is none. */
  remove(workspaceId: string, id: string, removedAt: Date): Promise<boolean>;
  /** A call begins now, if its workspace has room for it. A scheduled one is stored already: what it is by now is stored. */
  place(call: Call, hold: CallHold, options: PlaceOptions): Promise<Placement>;
  /** False when the call isn't waiting to begin. */
  markActive(id: string, startedAt: string): Promise<boolean>;
  /** False when the call has ended before. */
  markEnded(id: string, end: CallEnd): Promise<boolean>;
  storeSummary(id: string, summary: CallSummary): Promise<void>;
  /** How a phone call sounded. */
  storeQuality(id: string, quality: LineQuality): Promise<void>;
  /** Writes entries that aren't there yet. */
  append(callId: string, entries: readonly JournalEntry[]): Promise<void>;
  /** In order, from the entry after `afterSeq`. */
  readEntries(callId: string, range: { readonly afterSeq: number; readonly limit: number }): Promise<JournalEntry[]>;
  /** The newest entry, or undefined when there is none. */
  readLastEntry(callId: string): Promise<JournalEntry | undefined>;
  /** What the call has learnt by name. */
  readValues(callId: string): Promise<Values>;
  /** What either side said last, by call. */
  findLastWords(callIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Calls that haven't ended, of the given nodes, or of all; those that wait for their time aside. */
  listOpen(nodeIds?: readonly string[]): Promise<Call[]>;
  /** Ids of ended calls whose summary is missing. */
  listUnfinished(limit: number): Promise<string[]>;
}

/**
 * @param outbox where beginnings and ends are told; by default to whoever listens at the next look
 * @param gather a short wait in which the entries of many calls come together; by default none
 */
export function createCallStore(
  { drizzle }: Database,
  outbox: Outbox = createOutbox(),
  gather?: () => Promise<void>,
): CallStore {
  const append = joinWrites<{ readonly callId: string; readonly entry: JournalEntry }>(async (rows) => {
    const callIds = rows.map(({ callId }) => callId);
    const seqs = rows.map(({ entry }) => entry.seq);
    const times = rows.map(({ entry }) => entry.atMs);
    const events = rows.map(({ entry }) => JSON.stringify(entry.event));
    const effects = rows.map(({ entry }) => JSON.stringify(entry.effects));
    await drizzle.execute(sql`
      insert into ${callEvents} (call_id, seq, at_ms, event, effects)
      select * from unnest(
        ${sql.param(callIds)}::text[], ${sql.param(seqs)}::int[], ${sql.param(times)}::float8[],
        ${sql.param(events)}::json[], ${sql.param(effects)}::json[]
      )
      on conflict do nothing`);
  }, gather);
  return withoutParameters<CallStore>({
    ...createDialStore({ drizzle }),

    async insert(call, hold) {
      await drizzle.insert(calls).values(toRow(call, hold));
    },

    async find(workspaceId, id) {
      const [row] = await drizzle.select().from(calls).where(isWanted(workspaceId, id));
      return row === undefined ? undefined : toCall(row);
    },

    async findAnywhere(id) {
      const [row] = await drizzle.select().from(calls).where(eq(calls.id, id));
      return row === undefined ? undefined : toCall(row);
    },

    async findToken(id) {
      const [row] = await drizzle
        .select({ hash: calls.tokenHash, expiresAt: calls.tokenExpiresAt })
        .from(calls)
        .where(eq(calls.id, id));
      return row === undefined ? undefined : { hash: row.hash, expiresAt: row.expiresAt ?? undefined };
    },

    async exchangeToken(id, { from, to }) {
      const exchanged = await drizzle
        .update(calls)
        .set({ tokenHash: to, tokenExpiresAt: null })
        .where(and(eq(calls.id, id), eq(calls.tokenHash, from)))
        .returning({ id: calls.id });
      return exchanged.length === 1;
    },

    async findHeldAgent(id) {
      const [row] = await drizzle
        .select({ document: calls.agentDocument, revisionOf: calls.revisionOf })
        .from(calls)
        .where(eq(calls.id, id));
      if (row === undefined) return undefined;
      const { document, revisionOf } = row;
      return { ...(document === null ? {} : { document }), ...(revisionOf === null ? {} : { revisionOf }) };
    },

    async list(workspaceId, { limit, beforeId, offset, isAscending, ...filter }) {
      const isAfter = isAscending === true ? gt : lt;
      const rows = await drizzle
        .select()
        .from(calls)
        .where(and(matches(workspaceId, filter), beforeId === undefined ? undefined : isAfter(calls.id, beforeId)))
        .orderBy(isAscending === true ? asc(calls.id) : desc(calls.id))
        .limit(limit)
        .offset(offset ?? 0);
      return rows.map(toCall);
    },

    async count(workspaceId, filter = {}) {
      const [total] = await drizzle.select({ calls: count() }).from(calls).where(matches(workspaceId, filter));
      return total?.calls ?? 0;
    },

    update: (workspaceId, id, change, at) =>
      drizzle.transaction(async (transaction) => {
        const [row] = await transaction.select().from(calls).where(isWanted(workspaceId, id)).for("update");
        if (row === undefined) return undefined;
        const [updated] = await transaction
          .update(calls)
          .set({ ...change(toCall(row)), updatedAt: at })
          .where(eq(calls.id, id))
          .returning();
        return updated === undefined ? undefined : toCall(updated);
      }),

    async remove(workspaceId, id, removedAt) {
      const removed = await drizzle
        .update(calls)
        .set({ deletedAt: removedAt })
        .where(isWanted(workspaceId, id))
        .returning({ id: calls.id });
      return removed.length === 1;
    },

    place: (call, hold, { isScheduled = false, room }) =>
      placeInRoom(drizzle, { workspaceId: call.workspaceId, room, at: hold.placedAt }, async (executor) => {
        const { id, ...row } = toRow(call, hold);
        if (!isScheduled) {
          await executor.insert(calls).values({ id, ...row });
          return "placed";
        }
        const claimed = await executor
          .update(calls)
          .set(row)
          .where(and(eq(calls.id, id), eq(calls.status, "created"), isNotNull(calls.startAt)))
          .returning({ id: calls.id });
        return claimed.length === 1 ? "placed" : "over";
      }),

    async markActive(id, startedAt) {
      const at = new Date(startedAt);
      const hasBegun = await drizzle.transaction(async (transaction) => {
        const [row] = await transaction
          .update(calls)
          .set({ status: "active", startedAt: at, updatedAt: at })
          .where(and(eq(calls.id, id), inArray(calls.status, ["created", "ringing"])))
          .returning();
        if (row === undefined) return false;
        await outbox.record(transaction, [callStarted(toCall(row), at)]);
        return true;
      });
      if (hasBegun) outbox.wake();
      return hasBegun;
    },

    async markEnded(id, { reason, error, endedAt, durationMs, dial, values }) {
      const at = new Date(endedAt);
      const isOver = await drizzle.transaction(async (transaction) => {
        const [row] = await transaction
          .update(calls)
          .set({
            ...{ status: "ended", endReason: reason, endedAt: at, updatedAt: at },
            ...(error === undefined ? {} : { error }),
            ...(dial === undefined ? {} : { dial: withDial(dial) }),
            durationMs: Math.round(durationMs),
          })
          .where(and(eq(calls.id, id), ne(calls.status, "ended")))
          .returning();
        if (row === undefined) return false;
        await outbox.record(transaction, callOver(toCall(row), at, values));
        return true;
      });
      if (isOver) outbox.wake();
      return isOver;
    },

    async storeQuality(id, quality) {
      await drizzle.update(calls).set({ quality }).where(eq(calls.id, id));
    },

    async storeSummary(id, summary) {
      await drizzle.update(calls).set({ summary }).where(eq(calls.id, id));
    },

    append: (callId, entries) => append(entries.map((entry) => ({ callId, entry }))),

    async readEntries(callId, { afterSeq, limit }) {
      const rows = await drizzle
        .select()
        .from(callEvents)
        .where(and(eq(callEvents.callId, callId), gt(callEvents.seq, afterSeq)))
        .orderBy(asc(callEvents.seq))
        .limit(limit);
      return rows.map(toEntry);
    },

    async readLastEntry(callId) {
      const last = drizzle
        .select({ seq: max(callEvents.seq) })
        .from(callEvents)
        .where(eq(callEvents.callId, callId));
      const [row] = await drizzle
        .select()
        .from(callEvents)
        .where(and(eq(callEvents.callId, callId), eq(callEvents.seq, last)));
      return row === undefined ? undefined : toEntry(row);
    },

    async readValues(callId) {
      const rows = await drizzle
        .select({ event: callEvents.event })
        .from(callEvents)
        .where(and(eq(callEvents.callId, callId), sql`${callEvents.event} ->> 'type' = 'values-learnt'`))
        .orderBy(asc(callEvents.seq));
      return Object.assign({}, ...rows.map(({ event }) => (event as { readonly values?: Values }).values));
    },

    async findLastWords(callIds) {
      if (callIds.length === 0) return new Map();
      const { rows } = await drizzle.execute(sql`
        select call.id, (
          select said.event ->> 'text' from ${callEvents} said
          where said.call_id = call.id and said.event ->> 'type' in ('transcript-final', 'reply-heard')
            and said.event ->> 'text' <> ''
          order by said.seq desc limit 1
        ) as words
        from unnest(${sql.param(callIds)}::text[]) call(id)`);
      const found = rows as { readonly id: string; readonly words: string | null }[];
      return new Map(found.flatMap(({ id, words }) => (words === null ? [] : [[id, words] as const])));
    },

    async listOpen(nodeIds) {
      const rows = await drizzle
        .select()
        .from(calls)
        .where(
          and(
            sql`${calls.status} <> 'ended' and not (${calls.status} = 'created' and ${calls.startAt} is not null)`,
            nodeIds === undefined ? undefined : inArray(calls.nodeId, [...nodeIds]),
          ),
        );
      return rows.map(toCall);
    },

    async listUnfinished(limit) {
      const rows = await drizzle
        .select({ id: calls.id })
        .from(calls)
        .where(and(sql`${calls.status} = 'ended'`, isNull(calls.summary)))
        .limit(limit);
      return rows.map(({ id }) => id);
    },
  });
}

function isWanted(workspaceId: string, id: string) {
  return and(eq(calls.id, id), eq(calls.workspaceId, workspaceId), isNull(calls.deletedAt));
}

function matches(workspaceId: string, filter: CallFilter) {
  const { agentId, phoneNumberId, status, statuses, endReasons, states, directions, pace, number } = filter;
  const { createdFrom, createdBefore } = filter;
  const agentIds = agentId === undefined ? undefined : [agentId].flat();
  const isLike = `%${(number ?? "").replace(/[\\%_]/g, "\\$&")}%`;
  return and(
    eq(calls.workspaceId, workspaceId),
    isNull(calls.deletedAt),
    agentIds === undefined ? undefined : inArray(calls.agentId, agentIds),
    phoneNumberId === undefined ? undefined : eq(calls.phoneNumberId, phoneNumberId),
    status === undefined ? undefined : eq(calls.status, status),
    statuses === undefined ? undefined : inArray(calls.status, [...statuses]),
    endReasons === undefined ? undefined : inArray(calls.endReason, [...endReasons]),
    states === undefined
      ? undefined
      : or(inArray(calls.status, [...states.statuses]), inArray(calls.endReason, [...states.endReasons])),
    directions === undefined ? undefined : inArray(calls.direction, [...directions]),
    pace === undefined ? undefined : eq(calls.pace, pace),
    number === undefined ? undefined : or(ilike(calls.fromNumber, isLike), ilike(calls.toNumber, isLike)),
    createdFrom === undefined ? undefined : gte(calls.createdAt, createdFrom),
    createdBefore === undefined ? undefined : lt(calls.createdAt, createdBefore),
  );
}
