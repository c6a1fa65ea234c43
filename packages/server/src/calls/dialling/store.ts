import { and, count, eq, gte, or, sql } from "drizzle-orm";
import type { Database } from "../../storage/database.ts";
import { calls } from "../../storage/schema.ts";
import type { Dial } from "./dial.ts";

export type DialledSum = { readonly calls: number; readonly minutes: number; readonly spend: number };

/** What is kept of the way of calls that agents placed. */
export interface DialStore {
  /** Adds what became known of a placed call's way. */
  storeDial(id: string, dial: Dial): Promise<void>;
  /** What went through trunks and carriers since then, live calls and callers who had themselves replaced included. Spend in the unit of their prices. */
  sumDialled(workspaceId: string, since: Date, now: Date): Promise<DialledSum>;
}

export function createDialStore({ drizzle }: Pick<Database, "drizzle">): DialStore {
  return {
    async storeDial(id, dial) {
      await drizzle
        .update(calls)
        .set({ dial: withDial(dial) })
        .where(eq(calls.id, id));
    },

    async sumDialled(workspaceId, since, now) {
      const liveMs = sql`extract(epoch from (${now.toISOString()}::timestamptz - ${calls.startedAt})) * 1000`;
      const minutes = sql`greatest(coalesce(case when ${calls.status} = 'ended' then ${calls.durationMs} else ${liveMs} end, 0), 0) / 60000.0`;
      const price = sql`coalesce((${calls.dial} ->> 'pricePerMinute')::float8, 0)`;
      const [sum] = await drizzle
        .select({
          calls: count(),
          minutes: sql<number>`coalesce(sum(${minutes}), 0)::float8`,
          spend: sql<number>`coalesce(sum(${minutes} * ${price}), 0)::float8`,
        })
        .from(calls)
        .where(
          and(
            eq(calls.workspaceId, workspaceId),
            sql`coalesce(${calls.dial} ->> 'trunkId', ${calls.dial} ->> 'carrierAccountId') is not null`,
            or(gte(calls.createdAt, since), gte(calls.startAt, since)),
          ),
        );
      return { calls: sum?.calls ?? 0, minutes: Number(sum?.minutes ?? 0), spend: Number(sum?.spend ?? 0) };
    },
  };
}

/** What was known of it, and this. */
export function withDial(dial: Dial) {
  return sql`coalesce(${calls.dial}, '{}'::jsonb) || ${JSON.stringify(dial)}::jsonb`;
}
