import { and, count, desc, eq, isNull, lt, sql } from "drizzle-orm";
import { newOrderedId, withPrefix } from "../new-id.ts";
import type { Vault } from "../secrets/vault.ts";
import type { Database, Transaction } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { agents, domainEvents, webhookDeliveries, webhookEndpoints } from "../storage/schema.ts";
import type { DialectName } from "./dialect-name.ts";
import { agentOf, type NewDomainEvent, subjectOf } from "./domain-event.ts";
import { sealSecrets } from "./signing-secrets.ts";
import type { WebhookEndpoint } from "./webhook-endpoint.ts";

export interface WebhookEndpointStore {
  insert(endpoint: WebhookEndpoint): Promise<void>;
  find(workspaceId: string, id: string): Promise<WebhookEndpoint | undefined>;
  /** Newest first. */
  list(
    workspaceId: string,
    filter: {
      readonly limit: number;
      readonly beforeId?: string | undefined;
      readonly agentId?: string | undefined;
      readonly dialect?: DialectName | undefined;
    },
  ): Promise<WebhookEndpoint[]>;
  /** Undefined when there is no such endpoint. */
  update(
    workspaceId: string,
    id: string,
    change: (endpoint: WebhookEndpoint) => WebhookEndpoint,
  ): Promise<WebhookEndpoint | undefined>;
  /** What it has pending is given up within a minute. False when there is no such endpoint. */
  remove(workspaceId: string, id: string, removedAt: Date): Promise<boolean>;
  count(workspaceId: string): Promise<number>;
  hasAgent(workspaceId: string, agentId: string): Promise<boolean>;
}

export function createWebhookEndpointStore({ drizzle }: Database): WebhookEndpointStore {
  const isOne = (workspaceId: string, id: string) =>
    and(eq(webhookEndpoints.id, id), eq(webhookEndpoints.workspaceId, workspaceId), isNull(webhookEndpoints.deletedAt));

  return withoutParameters<WebhookEndpointStore>({
    async insert(endpoint) {
      await drizzle.insert(webhookEndpoints).values(toRow(endpoint));
    },

    async find(workspaceId, id) {
      const [row] = await drizzle.select().from(webhookEndpoints).where(isOne(workspaceId, id));
      return row === undefined ? undefined : toEndpoint(row);
    },

    async list(workspaceId, { limit, beforeId, agentId, dialect }) {
      const rows = await drizzle
        .select()
        .from(webhookEndpoints)
        .where(
          and(
            eq(webhookEndpoints.workspaceId, workspaceId),
            isNull(webhookEndpoints.deletedAt),
            beforeId === undefined ? undefined : lt(webhookEndpoints.id, beforeId),
            agentId === undefined ? undefined : eq(webhookEndpoints.agentId, agentId),
            dialect === undefined ? undefined : eq(webhookEndpoints.dialect, dialect),
          ),
        )
        .orderBy(desc(webhookEndpoints.id))
        .limit(limit);
      return rows.map(toEndpoint);
    },

    update: (workspaceId, id, change) =>
      drizzle.transaction(async (transaction) => {
        const [row] = await transaction
          .select()
          .from(webhookEndpoints)
          .where(isOne(workspaceId, id))
          .for("no key update");
        if (row === undefined) return undefined;
        const endpoint = change(toEndpoint(row));
        await transaction.update(webhookEndpoints).set(toRow(endpoint)).where(eq(webhookEndpoints.id, id));
        return endpoint;
      }),

    async remove(workspaceId, id, removedAt) {
      const removed = await drizzle
        .update(webhookEndpoints)
        .set({ deletedAt: removedAt, isEnabled: false })
        .where(isOne(workspaceId, id))
        .returning({ id: webhookEndpoints.id });
      return removed.length === 1;
    },

    async count(workspaceId) {
      const [row] = await drizzle
        .select({ endpoints: count() })
        .from(webhookEndpoints)
        .where(and(eq(webhookEndpoints.workspaceId, workspaceId), isNull(webhookEndpoints.deletedAt)));
      return row?.endpoints ?? 0;
    },

    async hasAgent(workspaceId, agentId) {
      const found = await drizzle
        .select({ id: agents.id })
        .from(agents)
        .where(and(eq(agents.id, agentId), eq(agents.workspaceId, workspaceId), isNull(agents.deletedAt)));
      return found.length === 1;
    },
  });
}

/** Dialects whose agent's own webhook takes the place of the account's: never both. */
const OVERRIDING: readonly DialectName[] = ["agentphone", "hms"];

const TIME_TO_LIVE = "24 hours";

/**
 * Stores events and one delivery for each endpoint that listens, in one statement of the given transaction. Wake the
 * dispatcher once it is committed.
 * @returns how many deliveries there are
 */
export async function recordEvents(
  transaction: Pick<Transaction, "execute">,
  events: readonly NewDomainEvent[],
): Promise<number> {
  if (events.length === 0) return 0;
  const rows = events.map((event) => ({
    id: newOrderedId("evt", event.occurredAt.getTime()),
    workspace_id: event.workspaceId,
    type: event.type,
    agent_id: agentOf(event) ?? null,
    subject_id: subjectOf(event),
    data: event.data,
    created_at: event.occurredAt.toISOString(),
  }));
  // An id of a delivery is its event's time and place in the order, and 50 random bits of its own.
  const { rowCount } = await transaction.execute(sql`
    with event as (
      insert into ${domainEvents} (id, workspace_id, type, agent_id, subject_id, data, created_at)
      select * from jsonb_to_recordset(${toStorableJson(rows)}::jsonb) as given(
        id text, workspace_id text, type text, agent_id text, subject_id text, data jsonb, created_at timestamptz)
      returning id, workspace_id, type, agent_id, subject_id, created_at
    )
    insert into ${webhookDeliveries} (id, workspace_id, endpoint_id, event_id, event_type, order_key, status, attempts,
      next_attempt_at, history, expires_at, created_at)
    select 'dlv_' || substr(event.id, 5, 14) || substr(replace(gen_random_uuid()::text, '-', ''), 1, 12),
      event.workspace_id, endpoint.id, event.id, event.type, event.subject_id, 'pending', 0,
      event.created_at, '[]', event.created_at + ${TIME_TO_LIVE}::interval, event.created_at
    from event
    join ${webhookEndpoints} endpoint on endpoint.workspace_id = event.workspace_id
      and endpoint.is_enabled and endpoint.deleted_at is null
      and (endpoint.agent_id is null or endpoint.agent_id = event.agent_id)
      and (endpoint.events ? event.type or endpoint.events ? '*')
    where endpoint.agent_id is not null or not endpoint.dialect = any(${sql.param(OVERRIDING)}::text[]) or not exists (
      select 1 from ${webhookEndpoints} closer
      where closer.agent_id = event.agent_id and closer.workspace_id = event.workspace_id
        and closer.dialect = endpoint.dialect and closer.is_enabled and closer.deleted_at is null
    )
    order by event.id`);
  return rowCount ?? 0;
}

/** NUL and halves of characters, which jsonb can't hold, are left out or replaced. */
function toStorableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "string" ? inner.replaceAll("\0", "").toWellFormed() : inner,
  );
}

/** The webhook among an agent's own settings. */
export type AgentWebhook = {
  readonly workspaceId: string;
  readonly agentId: string;
  readonly dialect: DialectName;
  /** Absent = the agent has none (any more). */
  readonly url: string | undefined;
  readonly events: readonly string[];
  /** Absent = as it was; null = unsigned. */
  readonly secret?: string | null | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
};

/** The id of the endpoint that mirrors an agent's own webhook. */
export function agentEndpointId(agentId: string): string {
  return withPrefix("whe", agentId);
}

/** Makes, changes or removes the endpoint that mirrors an agent's own webhook. A new URL enables it again. */
export async function syncAgentEndpoint(
  transaction: Transaction,
  deps: { readonly vault: Vault; readonly now: Date },
  webhook: AgentWebhook,
): Promise<void> {
  const { now, vault } = deps;
  const { workspaceId, agentId, dialect, url, events, secret, settings } = webhook;
  const id = agentEndpointId(agentId);
  if (url === undefined) {
    const isThere = and(
      eq(webhookEndpoints.id, id),
      eq(webhookEndpoints.workspaceId, workspaceId),
      isNull(webhookEndpoints.deletedAt),
    );
    await transaction.update(webhookEndpoints).set({ deletedAt: now, isEnabled: false }).where(isThere);
    return;
  }
  const given = {
    ...{ dialect, url, events, settings, updatedAt: now, deletedAt: null },
    ...(secret === undefined ? {} : { sealedSecret: secret && sealSecrets(vault, id, { current: secret }) }),
  };
  const isOther = sql`${webhookEndpoints.url} <> ${url} or ${webhookEndpoints.deletedAt} is not null`;
  await transaction
    .insert(webhookEndpoints)
    .values({ id, workspaceId, agentId, description: "", isEnabled: true, failures: 0, createdAt: now, ...given })
    .onConflictDoUpdate({
      target: webhookEndpoints.id,
      set: {
        ...given,
        isEnabled: sql`${isOther} or ${webhookEndpoints.isEnabled}`,
        failures: sql`case when ${isOther} then 0 else ${webhookEndpoints.failures} end`,
        openUntil: sql`case when ${isOther} then null else ${webhookEndpoints.openUntil} end`,
      },
    });
}

function toRow({ createdAt, updatedAt, openUntil, agentId, sealedSecret, ...rest }: WebhookEndpoint) {
  return {
    ...rest,
    agentId: agentId ?? null,
    sealedSecret: sealedSecret ?? null,
    openUntil: openUntil === undefined ? null : new Date(openUntil),
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
  };
}

function toEndpoint(row: typeof webhookEndpoints.$inferSelect): WebhookEndpoint {
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    ...(row.agentId === null ? {} : { agentId: row.agentId }),
    dialect: row.dialect as DialectName,
    url: row.url,
    description: row.description,
    events: row.events as string[],
    settings: row.settings as Record<string, unknown>,
    isEnabled: row.isEnabled,
    ...(row.sealedSecret === null ? {} : { sealedSecret: row.sealedSecret }),
    failures: row.failures,
    ...(row.openUntil === null ? {} : { openUntil: row.openUntil.toISOString() }),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
