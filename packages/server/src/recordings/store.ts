import { and, eq, isNotNull, sql } from "drizzle-orm";
import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { callEvents, calls } from "../storage/schema.ts";
import type { StoredRecording } from "./recording.ts";

/** A call as its recording needs it. */
export type RecordedCall = {
  readonly id: string;
  readonly isOver: boolean;
  /** Taken off every list. */
  readonly isRemoved: boolean;
  readonly recording: StoredRecording | undefined;
};

export interface RecordingStore {
  find(callId: string): Promise<RecordedCall | undefined>;
  /** False when the recording was deleted meanwhile: that stays so. */
  replace(callId: string, recording: StoredRecording): Promise<boolean>;
  /** What the journal says of a recording that could not be written. */
  findFailure(callId: string): Promise<string | undefined>;
  /** Calls whose recordings are kept for longer than is wanted. `nodeDays`: where neither agent nor workspace says. */
  listExpired(wanted: { now: Date; nodeDays: number | undefined; limit: number }): Promise<string[]>;
  /** Ended calls whose recordings have not been looked after. */
  listUnsettled(limit: number): Promise<string[]>;
}

export function createRecordingStore({ drizzle }: Database): RecordingStore {
  return withoutParameters<RecordingStore>({
    async find(callId) {
      const [row] = await drizzle
        .select({ id: calls.id, status: calls.status, deletedAt: calls.deletedAt, recording: calls.recording })
        .from(calls)
        .where(eq(calls.id, callId));
      if (row === undefined) return undefined;
      const recording = (row.recording ?? undefined) as StoredRecording | undefined;
      return { id: row.id, isOver: row.status === "ended", isRemoved: row.deletedAt !== null, recording };
    },

    async replace(callId, recording) {
      const isKept = sql`coalesce(${calls.recording} ->> 'status', '') not in ('deleted', 'expired')`;
      const replaced = await drizzle
        .update(calls)
        .set({ recording })
        .where(and(eq(calls.id, callId), isKept))
        .returning({ id: calls.id });
      return replaced.length === 1;
    },

    async findFailure(callId) {
      const [row] = await drizzle
        .select({ message: sql<string | null>`${callEvents.event} ->> 'message'` })
        .from(callEvents)
        .where(and(eq(callEvents.callId, callId), sql`${callEvents.event} ->> 'type' = 'recording-failed'`))
        .limit(1);
      return row?.message ?? undefined;
    },

    async listExpired({ now, nodeDays, limit }) {
      const { rows } = await drizzle.execute(sql`
        select call.id from ${calls} call left join workspaces on workspaces.id = call.workspace_id
        where call.recording ->> 'status' in ('stored', 'waiting')
          and call.ended_at < ${now.toISOString()}::timestamptz - make_interval(days => coalesce(
            (call.recording ->> 'retentionDays')::int, (workspaces.settings ->> 'retentionDays')::int, ${nodeDays ?? null}::int))
        order by call.id limit ${limit}`);
      return (rows as { readonly id: string }[]).map(({ id }) => id);
    },

    async listUnsettled(limit) {
      const rows = await drizzle
        .select({ id: calls.id })
        .from(calls)
        .where(
          and(
            isNotNull(calls.recording),
            eq(calls.status, "ended"),
            sql`${calls.recording} ->> 'status' = 'recording'`,
          ),
        )
        .limit(limit);
      return rows.map(({ id }) => id);
    },
  });
}
