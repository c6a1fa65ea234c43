import { and, eq, isNull, lt, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../storage/database.ts";
import { takeTurn } from "../../storage/in-turn.ts";
import { calls, dialledLegs } from "../../storage/schema.ts";
import type { Dial, Refusal } from "./dial.ts";

/** Spend in the unit of the prices of trunks and carrier accounts. */
export type DayUse = { readonly calls: number; readonly minutes: number; readonly spend: number };

export type Day = { readonly midnight: Date; readonly now: Date };

/** What goes on now besides. */
export type DialledSum = DayUse & {
  /** Lines that use up minutes. */
  readonly running: number;
  readonly spendPerMinute: number;
};

/** What is paid for besides the calls themselves. */
export type DialledLeg = {
  readonly id: string;
  readonly workspaceId: string;
  readonly callId: string;
  /** Else until it is told to be over, or expires. */
  readonly endsWithCall: boolean;
  /** At the carrier that tells when it is over. */
  readonly at?: CarrierLeg;
  readonly pricePerMinute: number;
  /** That are paid for while it lasts. */
  readonly lines: number;
  readonly startedAt: Date;
  /** It isn't counted any longer. */
  readonly expiresAt: Date;
};

export type CarrierLeg = { readonly accountId: string; readonly carrierCallId: string };

/** Looks at what is used up, other calls that are being placed and have just begun by a minute at least. */
export type DayGuard = Day & { readonly judge: (used: DayUse) => Refusal | undefined };

export type Running = {
  readonly calls: readonly { readonly id: string; readonly isRinging: boolean }[];
  readonly legs: readonly CarrierLeg[];
};

/** What is kept of the way of calls that agents placed, and of what they use up. */
export interface DialStore {
  /** Adds what became known of a placed call's way. */
  storeDial(id: string, dial: Dial): Promise<void>;
  /**
   * Stores which way a call goes, from when on it counts; what the guard answers keeps it from that. One after the other
   * within a workspace, on whichever nodes: what is used up can't change in between.
   */
  reserveDial(
    call: { readonly id: string; readonly workspaceId: string },
    dial: Dial,
    guard: DayGuard | undefined,
  ): Promise<Refusal | undefined>;
  /** The same for what is no call of ours. */
  reserveLeg(leg: DialledLeg, guard: DayGuard | undefined): Promise<Refusal | undefined>;
  /** It came to nothing. */
  dropLeg(id: string): Promise<void>;
  endLeg(id: string, at: Date): Promise<void>;
  /** Forgets those that began before. */
  expireLegs(before: Date): Promise<void>;
  /** A carrier says that a call of its is over. */
  endLegsAt(leg: CarrierLeg, at: Date): Promise<void>;
  /**
   * What went through trunks and carriers since midnight, what goes on included.
   * @param isReserving with a minute at least for what is being placed or has just begun
   */
  sumDialled(workspaceId: string, day: Day, isReserving?: boolean): Promise<DialledSum>;
  /** Workspaces that something goes on in that uses up minutes. */
  listDiallingWorkspaces(now: Date): Promise<string[]>;
  /** What uses up a workspace's minutes: calls that a node holds, and what carriers do by themselves. */
  listRunning(workspaceId: string, nodeId: string, now: Date): Promise<Running>;
}

/** The longest that a call is counted for from the day before. */
const DAY_BEFORE = sql`interval '1 day'`;
const isDialled = sql`coalesce(${calls.dial} ->> 'trunkId', ${calls.dial} ->> 'carrierAccountId') is not null`;
const dialledAt = sql`coalesce(${calls.startAt}, ${calls.createdAt})`;
const price = sql`coalesce((${calls.dial} ->> 'pricePerMinute')::float8, 0)`;
const callEnd = sql`case when ${calls.status} = 'ended' then coalesce(${calls.startedAt} + ${calls.durationMs} * interval '1 millisecond', ${calls.endedAt}) end`;

type Executor = Pick<Database["drizzle"], "execute" | "update" | "insert">;

export function createDialStore({ drizzle }: Pick<Database, "drizzle">): DialStore {
  const reserve = async (
    workspaceId: string,
    guard: DayGuard | undefined,
    { exceptCallId, write }: { exceptCallId?: string; write: (executor: Executor) => Promise<unknown> },
  ): Promise<Refusal | undefined> => {
    if (guard === undefined) {
      await write(drizzle);
      return undefined;
    }
    return drizzle.transaction(async (transaction) => {
      await takeTurn(transaction, `dialled ${workspaceId}`);
      const used = await sumDialled(transaction, workspaceId, guard, { isReserving: true, exceptCallId });
      const refusal = guard.judge(used);
      if (refusal === undefined) await write(transaction);
      return refusal;
    });
  };
  const setDial = (executor: Executor, id: string, dial: Dial) =>
    executor
      .update(calls)
      .set({ dial: withDial(dial) })
      .where(eq(calls.id, id));
  return {
    async storeDial(id, dial) {
      await setDial(drizzle, id, dial);
    },

    reserveDial: ({ id, workspaceId }, dial, guard) =>
      reserve(workspaceId, guard, { exceptCallId: id, write: (executor) => setDial(executor, id, dial) }),

    reserveLeg: ({ at, ...leg }, guard) =>
      reserve(leg.workspaceId, guard, {
        write: (executor) =>
          executor
            .insert(dialledLegs)
            .values({ ...leg, carrierAccountId: at?.accountId ?? null, carrierCallId: at?.carrierCallId ?? null }),
      }),

    async dropLeg(id) {
      await drizzle.delete(dialledLegs).where(eq(dialledLegs.id, id));
    },

    async expireLegs(before) {
      await drizzle.delete(dialledLegs).where(lt(dialledLegs.startedAt, before));
    },

    async endLeg(id, at) {
      await drizzle
        .update(dialledLegs)
        .set({ endedAt: at })
        .where(and(eq(dialledLegs.id, id), isNull(dialledLegs.endedAt)));
    },

    async endLegsAt({ accountId, carrierCallId }, at) {
      const isIt = and(eq(dialledLegs.carrierAccountId, accountId), eq(dialledLegs.carrierCallId, carrierCallId));
      await drizzle
        .update(dialledLegs)
        .set({ endedAt: at })
        .where(and(isIt, isNull(dialledLegs.endedAt)));
    },

    sumDialled: (workspaceId, day, isReserving = false) => sumDialled(drizzle, workspaceId, day, { isReserving }),

    async listDiallingWorkspaces(now) {
      const { rows } = await drizzle.execute(sql`
        select ${calls.workspaceId} as id from ${calls} where ${calls.status} <> 'ended' and ${isDialled}
        union
        select ${dialledLegs.workspaceId} as id from ${dialledLegs} where ${goesOn(now)}`);
      return rows.map((row) => String(row["id"]));
    },

    async listRunning(workspaceId, nodeId, now) {
      const held = await drizzle.execute(sql`
        select ${calls.id} as id, ${calls.startedAt} is null as is_ringing from ${calls}
        where ${calls.workspaceId} = ${workspaceId} and ${calls.nodeId} = ${nodeId} and ${calls.status} in ('ringing', 'active')
          and (${isDialled} or exists (
            select 1 from ${dialledLegs}
            where ${dialledLegs.callId} = ${calls.id} and ${dialledLegs.endsWithCall} and ${goesOn(now)}
          ))`);
      const legs = await drizzle.execute(sql`
        select ${dialledLegs.carrierAccountId} as account_id, ${dialledLegs.carrierCallId} as carrier_call_id
        from ${dialledLegs}
        where ${dialledLegs.workspaceId} = ${workspaceId} and ${dialledLegs.carrierCallId} is not null and ${goesOn(now)}`);
      return {
        calls: held.rows.map((row) => ({ id: String(row["id"]), isRinging: row["is_ringing"] === true })),
        legs: legs.rows.map((row) => ({
          accountId: String(row["account_id"]),
          carrierCallId: String(row["carrier_call_id"]),
        })),
      };
    },
  };
}

function goesOn(now: Date): SQL {
  return sql`(${dialledLegs.endedAt} is null and ${dialledLegs.expiresAt} > ${now.toISOString()}::timestamptz)`;
}

async function sumDialled(
  executor: Pick<Executor, "execute">,
  workspaceId: string,
  { midnight, now }: Day,
  { isReserving, exceptCallId }: { readonly isReserving: boolean; readonly exceptCallId?: string | undefined },
): Promise<DialledSum> {
  const since = sql`${midnight.toISOString()}::timestamptz`;
  const until = sql`${now.toISOString()}::timestamptz`;
  const legEnd = sql`coalesce(${dialledLegs.endedAt}, case when ${dialledLegs.endsWithCall} then ${callEnd} end)`;
  const { rows } = await executor.execute(sql`
    with used as (
      select ${dialledAt} as counted_at, ${calls.startedAt} as started_at, ${callEnd} as ended_at,
        ${calls.status} <> 'ended' as is_open, 1 as lines, ${price} as price
      from ${calls}
      where ${calls.workspaceId} = ${workspaceId} and ${isDialled} and ${dialledAt} >= ${since} - ${DAY_BEFORE}
        and ${calls.id} <> ${exceptCallId ?? ""}
      union all
      select ${dialledLegs.startedAt}, ${dialledLegs.startedAt}, least(${legEnd}, ${dialledLegs.expiresAt}),
        ${legEnd} is null and ${dialledLegs.expiresAt} > ${until}, ${dialledLegs.lines}, ${dialledLegs.pricePerMinute}
      from ${dialledLegs} left join ${calls} on ${calls.id} = ${dialledLegs.callId}
      where ${dialledLegs.workspaceId} = ${workspaceId} and ${dialledLegs.startedAt} >= ${since} - ${DAY_BEFORE}
    ), timed as (
      select *, case when started_at is null then 0 else greatest(extract(epoch from
        least(case when is_open then ${until} else ended_at end, ${until}) - greatest(started_at, ${since})
      ) / 60.0, 0) end as minutes
      from used
    ), counted as (
      select *, case when is_open and ${isReserving} then greatest(minutes, 1) else minutes end as used_minutes from timed
    )
    select count(*) filter (where counted_at >= ${since})::int as calls,
      coalesce(sum(used_minutes * lines), 0)::float8 as minutes,
      coalesce(sum(used_minutes * lines * price), 0)::float8 as spend,
      coalesce(sum(lines) filter (where is_open and started_at is not null), 0)::float8 as running,
      coalesce(sum(lines * price) filter (where is_open and started_at is not null), 0)::float8 as spend_per_minute
    from counted`);
  const [sum] = rows;
  return {
    calls: Number(sum?.["calls"] ?? 0),
    minutes: Number(sum?.["minutes"] ?? 0),
    spend: Number(sum?.["spend"] ?? 0),
    running: Number(sum?.["running"] ?? 0),
    spendPerMinute: Number(sum?.["spend_per_minute"] ?? 0),
  };
}

/** What was known of it, and this. */
export function withDial(dial: Dial) {
  return sql`coalesce(${calls.dial}, '{}'::jsonb) || ${JSON.stringify(dial)}::jsonb`;
}
