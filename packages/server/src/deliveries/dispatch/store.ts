import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../../storage/database.ts";
import { withoutParameters } from "../../storage/query-error.ts";
import { domainEvents, webhookDeliveries, webhookEndpoints } from "../../storage/schema.ts";
import type { DomainEvent } from "../../webhooks/domain-event.ts";
import type { ClaimedDelivery, DeliveryResult, EndpointNews } from "./claimed-delivery.ts";
import { BREAKER_FAILURES, FIRST_PAUSE_MS, PAUSE_DOUBLINGS } from "./next-attempt.ts";

export type ClaimRequest = {
  readonly now: Date;
  readonly leaseUntil: Date;
  /** At most so many rows. */
  readonly limit: number;
  /** Endpoints after this id come first; the rest in the next turn. */
  readonly afterEndpointId: string;
  /** How many of an endpoint, by its id … */
  readonly rooms: ReadonlyMap<string, number>;
  /** … and of every other. */
  readonly defaultRoom: number;
  /** Dialects that keep the order of a call's or conversation's events. */
  readonly orderedDialects: readonly string[];
};

/** The table of deliveries as a queue. */
export interface DeliveryQueue {
  /** Takes due deliveries until their lease ends, endpoint by endpoint. */
  claim(request: ClaimRequest): Promise<ClaimedDelivery[]>;
  /** Makes leases longer. */
  renew(ids: readonly string[], leaseUntil: Date): Promise<void>;
  /** Gives deliveries back that weren't attempted. */
  release(ids: readonly string[]): Promise<void>;
  /** Gives back all deliveries that anybody holds: for a process that knows to be the only one. */
  releaseAll(): Promise<void>;
  /** Stores what came of attempts, and how their endpoints are doing. */
  finish(results: readonly DeliveryResult[], news: readonly EndpointNews[], now: Date): Promise<void>;
  /** Gives up what is too old, and what deleted endpoints had pending. */
  expire(now: Date): Promise<number>;
  /** Stores a test's event and delivery, held already. */
  insertTest(delivery: ClaimedDelivery, times: { readonly now: Date; readonly leaseUntil: Date }): Promise<void>;
}

const CLAIMED_COLUMNS = sql`d.id, d.attempts, d.body, d.expires_at, d.workspace_id,
  event.id as event_id, event.type, event.agent_id, event.subject_id, event.data, event.created_at,
  endpoint.id as endpoint_id, endpoint.agent_id as endpoint_agent_id, endpoint.dialect, endpoint.url,
  endpoint.sealed_secret, endpoint.settings, endpoint.failures`;

/** Ids of pending deliveries that nobody else is changing: whoever waits for several rows at once could wait for ever. */
function unlocked(condition: SQL): SQL {
  return sql`select id from ${webhookDeliveries} where status = 'pending' and ${condition} for update skip locked`;
}

export function createDeliveryQueue({ drizzle }: Database): DeliveryQueue {
  return withoutParameters<DeliveryQueue>({
    async claim({ now, leaseUntil, limit, afterEndpointId, rooms, defaultRoom, orderedDialects }) {
      const [at, until] = [now.toISOString(), leaseUntil.toISOString()];
      const ids = sql.param([...rooms.keys()]);
      const counts = sql.param([...rooms.values()]);
      // "waiting" hops from endpoint to endpoint, however many rows each has.
      const { rows } = await drizzle.execute(sql`
        with recursive waiting as (
          (select endpoint_id, next_attempt_at from ${webhookDeliveries}
            where status = 'pending' and endpoint_id > ${afterEndpointId}
            order by endpoint_id, next_attempt_at limit 1)
          union all
          select next.endpoint_id, next.next_attempt_at from waiting cross join lateral (
            select endpoint_id, next_attempt_at from ${webhookDeliveries}
            where status = 'pending' and endpoint_id > waiting.endpoint_id
            order by endpoint_id, next_attempt_at limit 1) next
        ),
        ready as (
          select endpoint.id, endpoint.dialect = any(${sql.param(orderedDialects)}::text[]) as keeps_order,
            least(coalesce(known.room, ${defaultRoom}::int),
              case when endpoint.failures >= ${BREAKER_FAILURES}::int then 1 else 1000000 end) as room
          from waiting
          join ${webhookEndpoints} endpoint on endpoint.id = waiting.endpoint_id
          left join unnest(${ids}::text[], ${counts}::int[]) as known(id, room) on known.id = endpoint.id
          where waiting.next_attempt_at <= ${at}::timestamptz and endpoint.is_enabled
            and (endpoint.open_until is null or endpoint.open_until <= ${at}::timestamptz)
        ),
        picked as (
          select due.id from (select * from ready where room > 0 order by id) ready cross join lateral (
            select d.id from ${webhookDeliveries} d
            where d.endpoint_id = ready.id and d.status = 'pending' and d.next_attempt_at <= ${at}::timestamptz
              and (d.claimed_until is null or d.claimed_until <= ${at}::timestamptz)
              and (not ready.keeps_order or not exists (
                select 1 from ${webhookDeliveries} earlier
                where earlier.endpoint_id = d.endpoint_id and earlier.order_key = d.order_key
                  and earlier.status = 'pending' and earlier.id < d.id))
            order by d.next_attempt_at, d.id
            limit ready.room
            for update skip locked) due
          limit ${limit}
        )
        update ${webhookDeliveries} d set claimed_until = ${until}::timestamptz
        from picked, ${domainEvents} event, ${webhookEndpoints} endpoint
        where d.id = picked.id and event.id = d.event_id and endpoint.id = d.endpoint_id
        returning ${CLAIMED_COLUMNS}`);
      return rows.map((row) => toClaimed(row as ClaimedRow)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    },

    async renew(ids, leaseUntil) {
      const until = sql`${leaseUntil.toISOString()}::timestamptz`;
      await drizzle.execute(sql`
        update ${webhookDeliveries} set claimed_until = ${until} where id in (${unlocked(sql`
          id = any(${sql.param(ids)}::text[]) and claimed_until < ${until} - interval '5 seconds'`)})`);
    },

    async release(ids) {
      await drizzle.execute(sql`
        update ${webhookDeliveries} set claimed_until = null where id in (${unlocked(sql`
          id = any(${sql.param(ids)}::text[])`)})`);
    },

    async releaseAll() {
      await drizzle.execute(sql`
        update ${webhookDeliveries} set claimed_until = null where status = 'pending' and claimed_until is not null`);
    },

    async finish(results, news, now) {
      await drizzle.execute(finishStatement(results, news, now));
    },

    async expire(now) {
      const at = sql`${now.toISOString()}::timestamptz`;
      const { rowCount } = await drizzle.execute(sql`
        update ${webhookDeliveries} d set status = 'failed', next_attempt_at = null, claimed_until = null,
          error = case when endpoint.deleted_at is not null then 'the endpoint was deleted' else coalesce(
            d.error, 'could not be attempted in time: the endpoint was paused or switched off') end
        from ${webhookEndpoints} endpoint
        where endpoint.id = d.endpoint_id and d.id in (${unlocked(sql`
          (claimed_until is null or claimed_until <= ${at}) and (expires_at <= ${at} or endpoint_id in (
            select id from ${webhookEndpoints} where deleted_at is not null))`)})`);
      return rowCount ?? 0;
    },

    async insertTest(delivery, { now, leaseUntil }) {
      const { event, endpoint } = delivery;
      const { createdAt: _, agentId, ...rest } = event;
      await drizzle.transaction(async (transaction) => {
        await transaction.insert(domainEvents).values({ ...rest, agentId: agentId ?? null, createdAt: now });
        await transaction.insert(webhookDeliveries).values({
          ...{ id: delivery.id, workspaceId: event.workspaceId, endpointId: endpoint.id, eventId: event.id },
          ...{ eventType: event.type, orderKey: event.id, status: "pending", attempts: 0, history: [] },
          ...{ nextAttemptAt: now, claimedUntil: leaseUntil, expiresAt: leaseUntil, createdAt: now },
        });
      });
    },
  });
}

/**
 * A failure counts only if nobody else has attempted the delivery meanwhile; a success always. The attempt before goes
 * into the history.
 */
function finishStatement(results: readonly DeliveryResult[], news: readonly EndpointNews[], now: Date): SQL {
  const rows = results.map(({ delivery, attempt, status, nextAttemptAtMs }) => ({
    id: delivery.id,
    attempts: delivery.attempts,
    status,
    next_attempt_at: nextAttemptAtMs === undefined ? null : new Date(nextAttemptAtMs).toISOString(),
    body: attempt.body ?? null,
    request_headers: attempt.requestHeaders ?? null,
    response_status: attempt.responseStatus ?? null,
    response_body: attempt.responseBody ?? null,
    error: attempt.error ?? null,
    duration_ms: attempt.durationMs,
    last_attempt_at: new Date(attempt.startedAtMs).toISOString(),
  }));
  const at = sql`${now.toISOString()}::timestamptz`;
  // Locked in one order by all nodes.
  const before = sql`
    select id, failures from ${webhookEndpoints} where id = any(${sql.param(news.map(({ endpointId }) => endpointId))}::text[])
    order by id for no key update`;
  const ofEndpoints = sql`
    update ${webhookEndpoints} endpoint set
      failures = case when endpoint.open_until > ${at} and not news.has_succeeded then endpoint.failures
        else next.failures end,
      open_until = case when endpoint.open_until > ${at} and not news.has_succeeded then endpoint.open_until
        when next.failures < ${BREAKER_FAILURES}::int then null
        else ${at} + ${FIRST_PAUSE_MS}::int * interval '1 millisecond'
          * 2 ^ least(next.failures - ${BREAKER_FAILURES}::int, ${PAUSE_DOUBLINGS}::int) end,
      is_enabled = endpoint.is_enabled and not news.is_gone
    from jsonb_to_recordset(${JSON.stringify(news.map(toNewsRow))}::jsonb)
      as news(id text, has_succeeded boolean, trailing_failures int, is_gone boolean)
    join before on before.id = news.id
    cross join lateral (select case
      when news.has_succeeded then least(news.trailing_failures, ${BREAKER_FAILURES}::int)
      when before.failures >= ${BREAKER_FAILURES}::int then before.failures + 1
      else least(before.failures + news.trailing_failures, ${BREAKER_FAILURES}::int) end as failures) next
    where endpoint.id = news.id
      and (endpoint.failures <> next.failures or endpoint.open_until is not null or news.is_gone)`;
  return sql`
    with given as (
      select * from json_to_recordset(${toStorableJson(rows)}::json) as given(
        id text, attempts int, status text, next_attempt_at timestamptz, body text, request_headers jsonb,
        response_status int, response_body text, error text, duration_ms int, last_attempt_at timestamptz)
    ),
    ${news.length === 0 ? sql`` : sql`before as (${before}), endpoints as (${ofEndpoints}),`}
    dropped as (
      delete from ${webhookDeliveries} d using given where d.id = given.id and given.status = 'dropped'
    )
    update ${webhookDeliveries} d set
      status = given.status, attempts = d.attempts + 1, next_attempt_at = given.next_attempt_at, claimed_until = null,
      body = coalesce(d.body, given.body), request_headers = given.request_headers,
      response_status = given.response_status, response_body = given.response_body, error = given.error,
      duration_ms = given.duration_ms, last_attempt_at = given.last_attempt_at,
      history = case when d.last_attempt_at is null then d.history
        else (case when jsonb_array_length(d.history) < 50 then d.history else d.history - 0 end)
          || jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
            'at', to_char(d.last_attempt_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'durationMs', d.duration_ms, 'status', d.response_status, 'error', d.error))) end
    from given
    where d.id = given.id and given.status <> 'dropped' and d.status = 'pending'
      and (given.status = 'delivered' or d.attempts = given.attempts)`;
}

function toNewsRow({ endpointId, hasSucceeded, trailingFailures, isGone }: EndpointNews) {
  return { id: endpointId, has_succeeded: hasSucceeded, trailing_failures: trailingFailures, is_gone: isGone };
}

/** Without what the database can't hold: a receiver answers what it likes. */
function toStorableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "string" ? inner.replaceAll("\0", "").toWellFormed() : inner,
  );
}

type ClaimedRow = {
  readonly [Column in
    | "id"
    | "workspace_id"
    | "event_id"
    | "type"
    | "subject_id"
    | "endpoint_id"
    | "dialect"
    | "url"]: string;
} & {
  readonly attempts: number;
  readonly failures: number;
  readonly body: string | null;
  readonly agent_id: string | null;
  readonly endpoint_agent_id: string | null;
  readonly sealed_secret: string | null;
  readonly data: unknown;
  readonly settings: Record<string, unknown>;
  /** drizzle leaves moments as text where it doesn't know the column. */
  readonly expires_at: string;
  readonly created_at: string;
};

function toClaimed(row: ClaimedRow): ClaimedDelivery {
  return {
    id: row.id,
    attempts: row.attempts,
    body: row.body ?? undefined,
    expiresAtMs: Date.parse(row.expires_at),
    event: {
      id: row.event_id,
      type: row.type,
      workspaceId: row.workspace_id,
      ...(row.agent_id === null ? {} : { agentId: row.agent_id }),
      subjectId: row.subject_id,
      createdAt: new Date(row.created_at).toISOString(),
      data: row.data,
    } as DomainEvent,
    endpoint: {
      id: row.endpoint_id,
      workspaceId: row.workspace_id,
      ...(row.endpoint_agent_id === null ? {} : { agentId: row.endpoint_agent_id }),
      dialect: row.dialect as ClaimedDelivery["endpoint"]["dialect"],
      url: row.url,
      sealedSecret: row.sealed_secret ?? undefined,
      settings: row.settings,
      failures: row.failures,
    },
  };
}
