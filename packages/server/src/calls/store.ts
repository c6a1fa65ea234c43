import type { EndReason, JournalEntry } from "@earshot/engine";
import { and, asc, desc, eq, gt, inArray, isNull, lt, max, ne, sql } from "drizzle-orm";
import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { callEvents, calls } from "../storage/schema.ts";
import type { Call, CallSummary } from "./call.ts";

export type CallFilter = {
  readonly limit: number;
  readonly beforeId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly status?: Call["status"] | undefined;
};

export type CallEnd = { readonly reason: EndReason; readonly endedAt: string; readonly durationMs: number };

export interface CallStore {
  insert(call: Call, hold: { readonly tokenHash: string; readonly nodeId: string }): Promise<void>;
  find(id: string): Promise<Call | undefined>;
  findTokenHash(id: string): Promise<string | undefined>;
  /** Newest first. */
  list(filter: CallFilter): Promise<Call[]>;
  /** False when the call isn't waiting to begin. */
  markActive(id: string, startedAt: string): Promise<boolean>;
  /** False when the call has ended before. */
  markEnded(id: string, end: CallEnd): Promise<boolean>;
  storeSummary(id: string, summary: CallSummary): Promise<void>;
  /** Writes entries that aren't there yet. */
  append(callId: string, entries: readonly JournalEntry[]): Promise<void>;
  /** In order, from the entry after `afterSeq`. */
  readEntries(callId: string, range: { readonly afterSeq: number; readonly limit: number }): Promise<JournalEntry[]>;
  /** The newest entry, or undefined when there is none. */
  readLastEntry(callId: string): Promise<JournalEntry | undefined>;
  /** Calls that haven't ended, of the given nodes, or of all. */
  listOpen(nodeIds?: readonly string[]): Promise<Call[]>;
  /** Ids of ended calls whose summary is missing. */
  listUnfinished(limit: number): Promise<string[]>;
}

export function createCallStore({ drizzle }: Database): CallStore {
  return withoutParameters<CallStore>({
    async insert(call, hold) {
      await drizzle.insert(calls).values({
        id: call.id,
        agentId: call.agentId,
        agentVersion: call.agentVersion,
        agentName: call.agentName,
        type: call.type,
        pace: call.pace,
        status: call.status,
        variables: call.variables,
        metadata: call.metadata,
        createdAt: new Date(call.createdAt),
        ...hold,
      });
    },

    async find(id) {
      const [row] = await drizzle.select().from(calls).where(eq(calls.id, id));
      return row === undefined ? undefined : toCall(row);
    },

    async findTokenHash(id) {
      const [row] = await drizzle.select({ tokenHash: calls.tokenHash }).from(calls).where(eq(calls.id, id));
      return row?.tokenHash;
    },

    async list({ limit, beforeId, agentId, status }) {
      const rows = await drizzle
        .select()
        .from(calls)
        .where(
          and(
            beforeId === undefined ? undefined : lt(calls.id, beforeId),
            agentId === undefined ? undefined : eq(calls.agentId, agentId),
            status === undefined ? undefined : eq(calls.status, status),
          ),
        )
        .orderBy(desc(calls.id))
        .limit(limit);
      return rows.map(toCall);
    },

    async markActive(id, startedAt) {
      const changed = await drizzle
        .update(calls)
        .set({ status: "active", startedAt: new Date(startedAt) })
        .where(and(eq(calls.id, id), eq(calls.status, "created")))
        .returning({ id: calls.id });
      return changed.length === 1;
    },

    async markEnded(id, { reason, endedAt, durationMs }) {
      const changed = await drizzle
        .update(calls)
        .set({ status: "ended", endReason: reason, endedAt: new Date(endedAt), durationMs: Math.round(durationMs) })
        .where(and(eq(calls.id, id), ne(calls.status, "ended")))
        .returning({ id: calls.id });
      return changed.length === 1;
    },

    async storeSummary(id, summary) {
      await drizzle.update(calls).set({ summary }).where(eq(calls.id, id));
    },

    async append(callId, entries) {
      const seqs = entries.map(({ seq }) => seq);
      const times = entries.map(({ atMs }) => atMs);
      const events = entries.map(({ event }) => JSON.stringify(event));
      const effects = entries.map((entry) => JSON.stringify(entry.effects));
      await drizzle.execute(sql`
        insert into ${callEvents} (call_id, seq, at_ms, event, effects)
        select ${callId}, * from unnest(
          ${sql.param(seqs)}::int[], ${sql.param(times)}::float8[], ${sql.param(events)}::json[], ${sql.param(effects)}::json[]
        )
        on conflict do nothing`);
    },

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

    async listOpen(nodeIds) {
      const rows = await drizzle
        .select()
        .from(calls)
        .where(
          and(sql`${calls.status} <> 'ended'`, nodeIds === undefined ? undefined : inArray(calls.nodeId, [...nodeIds])),
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

function toEntry({ seq, atMs, event, effects }: typeof callEvents.$inferSelect): JournalEntry {
  return { seq, atMs, event: event as JournalEntry["event"], effects: effects as JournalEntry["effects"] };
}

function toCall(row: typeof calls.$inferSelect): Call {
  return {
    id: row.id,
    agentId: row.agentId,
    agentVersion: row.agentVersion,
    agentName: row.agentName,
    type: row.type as Call["type"],
    pace: row.pace as Call["pace"],
    status: row.status as Call["status"],
    ...(row.endReason === null ? {} : { endReason: row.endReason as EndReason }),
    createdAt: row.createdAt.toISOString(),
    ...(row.startedAt === null ? {} : { startedAt: row.startedAt.toISOString() }),
    ...(row.endedAt === null ? {} : { endedAt: row.endedAt.toISOString() }),
    ...(row.durationMs === null ? {} : { durationMs: row.durationMs }),
    variables: row.variables as Call["variables"],
    metadata: row.metadata as Call["metadata"],
    ...(row.summary === null ? {} : { summary: row.summary as CallSummary }),
  };
}
