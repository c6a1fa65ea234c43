import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { agents, calls, messages, phoneNumbers, webhookDeliveries } from "../storage/schema.ts";
import type { AgentUsage, NumberUsage, UsagePeriod, UsagePeriodName, UsageTotals } from "./usage.ts";

/** Calls that were deleted count: they were held. */
export interface UsageStore {
  totals(workspaceId: string, now: Date): Promise<UsageTotals>;
  /** The last so many days or months up to now, oldest first, without gaps. */
  series(
    workspaceId: string,
    options: {
      readonly by: "day" | "month";
      readonly count: number;
      readonly now: Date;
      /** IANA; days begin at its midnight. */
      readonly timeZone: string;
    },
  ): Promise<UsagePeriod[]>;
  /** The newest 1,000 numbers, also those that were released. */
  byNumber(workspaceId: string): Promise<NumberUsage[]>;
  /** The 1,000 busiest agents of the calendar week (from Monday), month or year that `now` is in. */
  byAgent(
    workspaceId: string,
    options: { readonly period: UsagePeriodName; readonly now: Date; readonly timeZone: string },
  ): Promise<{ readonly data: AgentUsage[]; readonly from: string; readonly before: string }>;
  /** Calls and their time, ms, between two moments. */
  sumCalls(
    workspaceId: string,
    range?: { readonly from?: Date | undefined; readonly before?: Date | undefined; readonly hasEnded?: boolean },
  ): Promise<{ readonly calls: number; readonly callMs: number }>;
}

const MAX_ROWS = 1000;
const NAMES = { day: "YYYY-MM-DD", month: "YYYY-MM" } as const;

export function createUsageStore({ drizzle }: Database): UsageStore {
  const rowsOf = async <Row>(query: SQL): Promise<Row[]> => (await drizzle.execute(query)).rows as Row[];

  return withoutParameters<UsageStore>({
    async totals(workspaceId, now) {
      const [row] = await rowsOf<{ totals: UsageTotals }>(sql`
        select json_build_object(
          'calls', (select ${counts(sql`1`, now)} from ${calls} where workspace_id = ${workspaceId}),
          'callMs', (select ${counts(sql`duration_ms`, now)} from ${calls} where workspace_id = ${workspaceId}),
          'messages', (select ${counts(sql`1`, now)} from ${messages} where workspace_id = ${workspaceId}),
          'webhookDeliveries', (
            select json_build_object(
              'total', count(*),
              'delivered', count(*) filter (where status = 'delivered'),
              'failed', count(*) filter (where status = 'failed'),
              'pending', count(*) filter (where status = 'pending')
            ) from ${webhookDeliveries} where workspace_id = ${workspaceId}
          ),
          'activeNumbers', (
            select count(*) from ${phoneNumbers} where workspace_id = ${workspaceId} and status = 'active'
          ),
          'agents', (select count(*) from ${agents} where workspace_id = ${workspaceId} and deleted_at is null)
        ) as totals`);
      if (row === undefined) throw new Error("an aggregate has no row");
      return row.totals;
    },

    series(workspaceId, { by, count, now, timeZone }) {
      const unit = sql.raw(`'${by}'`);
      const step = sql.raw(`interval '1 ${by}'`);
      const bucket = sql`date_trunc(${unit}, t.created_at at time zone ${timeZone}::text)`;
      const within = sql`t.workspace_id = ${workspaceId} and t.created_at >= (select since from bounds)`;
      const each = (table: unknown, columns: SQL) =>
        sql`(select ${bucket} as at, ${columns} from ${table} t where ${within} group by 1)`;
      return rowsOf<UsagePeriod>(sql`
        with here as (select date_trunc(${unit}, ${now.toISOString()}::timestamptz at time zone ${timeZone}::text) as last),
        bounds as (
          select last, last - ${count - 1}::int * ${step} as first,
            (last - ${count - 1}::int * ${step}) at time zone ${timeZone}::text as since
          from here
        )
        select to_char(p.at, ${NAMES[by]}::text) as period, coalesce(c.n, 0)::int as calls,
          coalesce(c.ms, 0)::float8 as "callMs", coalesce(m.n, 0)::int as messages,
          coalesce(w.n, 0)::int as "webhookDeliveries"
        from bounds, generate_series(bounds.first, bounds.last, ${step}) as p(at)
        left join ${each(calls, sql`count(*) as n, sum(t.duration_ms) as ms`)} c on c.at = p.at
        left join ${each(messages, sql`count(*) as n`)} m on m.at = p.at
        left join ${each(webhookDeliveries, sql`count(*) as n`)} w on w.at = p.at
        order by p.at`);
    },

    async byNumber(workspaceId) {
      const rows = await rowsOf<WithNulls<NumberUsage>>(sql`
        select n.id as "phoneNumberId", n.phone_number as "phoneNumber", n.country, n.status,
          a.id as "agentId", a.name as "agentName", coalesce(c.n, 0)::int as calls,
          coalesce(c.ms, 0)::float8 as "callMs", coalesce(m.n, 0)::int as messages
        from ${phoneNumbers} n
        left join ${agents} a on a.id = n.agent_id and a.deleted_at is null
        left join (
          select phone_number_id, count(*) as n, sum(duration_ms) as ms from ${calls}
          where workspace_id = ${workspaceId} and phone_number_id is not null group by 1
        ) c on c.phone_number_id = n.id
        left join (
          select phone_number_id, count(*) as n from ${messages} where workspace_id = ${workspaceId} group by 1
        ) m on m.phone_number_id = n.id
        where n.workspace_id = ${workspaceId}
        order by n.id desc limit ${MAX_ROWS}`);
      return rows.map(withoutNulls);
    },

    async byAgent(workspaceId, { period, now, timeZone }) {
      const unit = sql.raw(`'${period}'`);
      const start = sql`date_trunc(${unit}, ${now.toISOString()}::timestamptz at time zone ${timeZone}::text)`;
      const [bounds] = await rowsOf<{ from: string; before: string }>(sql`
        select to_json(${start} at time zone ${timeZone}::text) #>> '{}' as from,
          to_json((${start} + ${sql.raw(`interval '1 ${period}'`)}) at time zone ${timeZone}::text) #>> '{}' as before`);
      if (bounds === undefined) throw new Error("a constant has no row");
      const [from, before] = [new Date(bounds.from).toISOString(), new Date(bounds.before).toISOString()];
      const within = sql`t.workspace_id = ${workspaceId} and t.created_at >= ${from}::timestamptz
        and t.created_at < ${before}::timestamptz`;
      const rows = await rowsOf<WithNulls<AgentUsage>>(sql`
        with used as (
          select t.agent_id, 1 as calls, coalesce(t.duration_ms, 0) as ms, 0 as messages from ${calls} t where ${within}
          union all
          select t.agent_id, 0, 0, 1 from ${messages} t where ${within}
        )
        select a.id as "agentId", a.name as "agentName", coalesce(sum(u.calls), 0)::int as calls,
          coalesce(sum(u.ms), 0)::float8 as "callMs", coalesce(sum(u.messages), 0)::int as messages
        from used u
        full join (
          select id, name from ${agents} where workspace_id = ${workspaceId} and deleted_at is null
        ) a on a.id = u.agent_id
        group by 1, 2
        order by coalesce(sum(u.calls + u.messages), 0) desc, 1 limit ${MAX_ROWS}`);
      return { data: rows.map(withoutNulls), from, before };
    },

    async sumCalls(workspaceId, { from, before, hasEnded = false } = {}) {
      const [row] = await rowsOf<{ calls: number; callMs: number }>(sql`
        select count(*)::int as calls, coalesce(sum(duration_ms), 0)::float8 as "callMs" from ${calls}
        where workspace_id = ${workspaceId}
          ${from === undefined ? sql`` : sql`and created_at >= ${from.toISOString()}::timestamptz`}
          ${before === undefined ? sql`` : sql`and created_at < ${before.toISOString()}::timestamptz`}
          ${hasEnded ? sql`and status = 'ended'` : sql``}`);
      return row ?? { calls: 0, callMs: 0 };
    },
  });
}

function counts(value: SQL, now: Date): SQL {
  const since = (hours: number) =>
    sql`coalesce(sum(${value}) filter (where created_at > ${now.toISOString()}::timestamptz - ${hours}::int * interval '1 hour'), 0)`;
  return sql`json_build_object(
    'last24h', ${since(24)}, 'last7d', ${since(168)}, 'last30d', ${since(720)}, 'total', coalesce(sum(${value}), 0)
  )`;
}

type WithNulls<Row> = { [Name in keyof Row]: Row[Name] | null };

function withoutNulls<Row extends object>(row: WithNulls<Row>): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Row;
}
