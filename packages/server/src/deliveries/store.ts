import { and, count, desc, eq, getTableColumns, gte, inArray, lt, sql } from "drizzle-orm";
import { firstIdAt } from "../new-id.ts";
import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { domainEvents, webhookDeliveries, webhookEndpoints } from "../storage/schema.ts";
import type { DomainEvent, EventType } from "../webhooks/domain-event.ts";
import type { Delivery, DeliveryStats, DeliveryStatus, ListedDelivery } from "./delivery.ts";

export type DeliveryFilter = {
  readonly limit: number;
  readonly beforeId?: string | undefined;
  readonly offset?: number | undefined;
  readonly endpointId?: string | undefined;
  /** Of these endpoints alone. */
  readonly endpointIds?: readonly string[] | undefined;
  readonly status?: DeliveryStatus | undefined;
  readonly eventType?: EventType | undefined;
  readonly sinceMs?: number | undefined;
};

/** A delivery with the data of its event and the answer to its last attempt. */
export type AnsweredDelivery = ListedDelivery & { readonly responseBody?: string; readonly data: DomainEvent["data"] };

export interface DeliveryStore {
  list(workspaceId: string, filter: DeliveryFilter): Promise<ListedDelivery[]>;
  /** As `list`, with what was answered. */
  listAnswered(workspaceId: string, filter: DeliveryFilter): Promise<AnsweredDelivery[]>;
  count(workspaceId: string, filter: Omit<DeliveryFilter, "limit" | "beforeId" | "offset">): Promise<number>;
  find(workspaceId: string, id: string): Promise<Delivery | undefined>;
  /** Makes it due now, for as long as a new one. False when there is no such delivery or its endpoint is gone. */
  redeliver(workspaceId: string, id: string, times: { readonly now: Date; readonly expiresAt: Date }): Promise<boolean>;
  stats(
    workspaceId: string,
    filter: {
      readonly sinceMs: number;
      readonly endpointId?: string | undefined;
      readonly endpointIds?: readonly string[] | undefined;
    },
  ): Promise<DeliveryStats>;
  /** Deletes finished deliveries, and events without any, older than that. @returns how many deliveries */
  deleteOlderThan(beforeMs: number, limit: number): Promise<number>;
}

export function createDeliveryStore({ drizzle }: Database): DeliveryStore {
  const {
    body: _body,
    requestHeaders: _headers,
    responseBody: _answer,
    history: _history,
    ...listed
  } = getTableColumns(webhookDeliveries);

  return withoutParameters<DeliveryStore>({
    async list(workspaceId, { limit, offset = 0, ...filter }) {
      const rows = await drizzle
        .select(listed)
        .from(webhookDeliveries)
        .where(matches(workspaceId, filter))
        .orderBy(desc(webhookDeliveries.id))
        .limit(limit)
        .offset(offset);
      return rows.map(toListed);
    },

    async listAnswered(workspaceId, { limit, offset = 0, ...filter }) {
      const rows = await drizzle
        .select({ delivery: listed, responseBody: webhookDeliveries.responseBody, data: domainEvents.data })
        .from(webhookDeliveries)
        .innerJoin(domainEvents, eq(domainEvents.id, webhookDeliveries.eventId))
        .where(matches(workspaceId, filter))
        .orderBy(desc(webhookDeliveries.id))
        .limit(limit)
        .offset(offset);
      return rows.map(({ delivery, responseBody, data }) => ({
        ...toListed(delivery),
        ...(responseBody === null ? {} : { responseBody }),
        data: data as DomainEvent["data"],
      }));
    },

    async count(workspaceId, filter) {
      const [total] = await drizzle
        .select({ deliveries: count() })
        .from(webhookDeliveries)
        .where(matches(workspaceId, filter));
      return total?.deliveries ?? 0;
    },

    async find(workspaceId, id) {
      const [row] = await drizzle
        .select()
        .from(webhookDeliveries)
        .where(and(eq(webhookDeliveries.id, id), eq(webhookDeliveries.workspaceId, workspaceId)));
      if (row === undefined) return undefined;
      return {
        ...toListed(row),
        ...(row.requestHeaders === null ? {} : { requestHeaders: row.requestHeaders as Record<string, string> }),
        ...(row.body === null ? {} : { body: row.body }),
        ...(row.responseBody === null ? {} : { responseBody: row.responseBody }),
        history: row.history as Delivery["history"],
      };
    },

    async redeliver(workspaceId, id, { now, expiresAt }) {
      const { rowCount } = await drizzle.execute(sql`
        update ${webhookDeliveries} d set status = 'pending', next_attempt_at = ${now.toISOString()}::timestamptz,
          attempts = case when d.status = 'pending' then d.attempts else 0 end,
          expires_at = greatest(d.expires_at, ${expiresAt.toISOString()}::timestamptz)
        from ${webhookEndpoints} endpoint
        where d.id = ${id} and d.workspace_id = ${workspaceId}
          and endpoint.id = d.endpoint_id and endpoint.deleted_at is null`);
      return rowCount === 1;
    },

    async stats(workspaceId, { sinceMs, endpointId, endpointIds }) {
      const since = firstIdAt("dlv", sinceMs);
      const ids = endpointIds ?? (endpointId === undefined ? undefined : [endpointId]);
      const ofEndpoint = ids === undefined ? sql`` : sql`and endpoint_id = any(${sql.param(ids)}::text[])`;
      const { rows } = await drizzle.execute(sql`
        select date_trunc('hour', created_at at time zone 'UTC') at time zone 'UTC' as hour, event_type, status,
          count(*)::int as deliveries
        from ${webhookDeliveries} where workspace_id = ${workspaceId} and id >= ${since} ${ofEndpoint}
        group by 1, 2, 3 order by 1`);
      return toStats(rows as StatsRow[]);
    },

    async deleteOlderThan(beforeMs, limit) {
      const { rows } = await drizzle.execute(sql`
        with old as (
          delete from ${webhookDeliveries} where id in (
            select id from ${webhookDeliveries}
            where id < ${firstIdAt("dlv", beforeMs)} and status <> 'pending' order by id limit ${limit})
          returning 1
        )
        select count(*)::int as deleted from old`);
      // A delivery's id carries the time of its event: only what is left of that time can need one.
      await drizzle.execute(sql`
        delete from ${domainEvents} where id in (
          select event.id from ${domainEvents} event where event.id < ${firstIdAt("evt", beforeMs)}
            and not exists (
              select 1 from ${webhookDeliveries} d
              where d.id < ${firstIdAt("dlv", beforeMs)} and d.event_id = event.id)
          order by event.id limit ${limit})`);
      return (rows[0] as { deleted: number } | undefined)?.deleted ?? 0;
    },
  });
}

function matches(workspaceId: string, filter: Omit<DeliveryFilter, "limit" | "offset">) {
  const { beforeId, endpointId, endpointIds, status, eventType, sinceMs } = filter;
  return and(
    eq(webhookDeliveries.workspaceId, workspaceId),
    beforeId === undefined ? undefined : lt(webhookDeliveries.id, beforeId),
    endpointId === undefined ? undefined : eq(webhookDeliveries.endpointId, endpointId),
    endpointIds === undefined ? undefined : inArray(webhookDeliveries.endpointId, [...endpointIds]),
    status === undefined ? undefined : eq(webhookDeliveries.status, status),
    eventType === undefined ? undefined : eq(webhookDeliveries.eventType, eventType),
    sinceMs === undefined ? undefined : gte(webhookDeliveries.id, firstIdAt("dlv", sinceMs)),
  );
}

type ListedRow = Omit<typeof webhookDeliveries.$inferSelect, "body" | "requestHeaders" | "responseBody" | "history">;

function toListed(row: ListedRow): ListedDelivery {
  return {
    id: row.id,
    endpointId: row.endpointId,
    eventId: row.eventId,
    eventType: row.eventType as EventType,
    status: row.status as DeliveryStatus,
    attempts: row.attempts,
    ...(row.nextAttemptAt === null ? {} : { nextAttemptAt: row.nextAttemptAt.toISOString() }),
    ...(row.lastAttemptAt === null ? {} : { lastAttemptAt: row.lastAttemptAt.toISOString() }),
    ...(row.responseStatus === null ? {} : { responseStatus: row.responseStatus }),
    ...(row.error === null ? {} : { error: row.error }),
    ...(row.durationMs === null ? {} : { durationMs: row.durationMs }),
    createdAt: row.createdAt.toISOString(),
  };
}

type StatsRow = {
  readonly hour: string;
  readonly event_type: string;
  readonly status: DeliveryStatus;
  readonly deliveries: number;
};

function toStats(rows: readonly StatsRow[]): DeliveryStats {
  const totals = { delivered: 0, failed: 0, pending: 0 };
  const byEventType: DeliveryStats["byEventType"] = {};
  const byHour = new Map<string, DeliveryStats["byHour"][number]>();
  for (const { hour: start, event_type, status, deliveries } of rows) {
    totals[status] += deliveries;
    const ofType = byEventType[event_type] ?? {};
    byEventType[event_type] = { ...ofType, [status]: (ofType[status] ?? 0) + deliveries };
    const hour = new Date(start).toISOString();
    const ofHour = byHour.get(hour) ?? { hour, success: 0, failed: 0, pending: 0 };
    ofHour[status === "delivered" ? "success" : status] += deliveries;
    byHour.set(hour, ofHour);
  }
  const { delivered: success, failed, pending } = totals;
  return {
    ...{ total: success + failed + pending, success, failed, pending },
    ...(success + failed === 0 ? {} : { successRate: success / (success + failed) }),
    byEventType,
    byHour: [...byHour.values()],
  };
}
