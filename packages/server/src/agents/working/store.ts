/** Agents with their working revisions, as rows. */
import DataLoader from "dataloader";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Database, Transaction } from "../../storage/database.ts";
import { agentRevisions, agents, phoneNumbers } from "../../storage/schema.ts";
import type { RememberedRevisions, Revision, RevisionKey } from "../remembered-revisions.ts";
import type { AgentNumber } from "../stored-agent.ts";

/** An agent without what it says: that is its working revision's. */
export type AgentRow = {
  readonly agent: typeof agents.$inferSelect;
  readonly numbers: readonly AgentNumber[];
};

/** In the same statement, because nearly every reader of an agent shows them. */
const NUMBERS = sql<AgentNumber[]>`(
  select coalesce(json_agg(json_build_object('id', n.id, 'phoneNumber', n.phone_number) order by n.id), '[]'::json)
  from ${phoneNumbers} n where n.agent_id = ${agents.id} and n.status = 'active'
)`;

export function selectAgents(from: Transaction) {
  return from.select({ agent: agents, numbers: NUMBERS }).from(agents);
}

/** An agent with what it says. */
export type ReadAgent = AgentRow & { readonly said: Revision };

/**
 * Reads what agents say in their working revisions. Asks the database only for those that aren't remembered.
 * @param from a transaction that has changed one of them
 */
export async function readRevisions(
  rows: readonly AgentRow[],
  from: Transaction,
  remembered: RememberedRevisions,
): Promise<ReadAgent[]> {
  const found = new Map<string, Revision>();
  const missing: RevisionKey[] = [];
  for (const { agent } of rows) {
    const key = { agentId: agent.id, revision: agent.revision };
    const revision = remembered.find(key);
    if (revision === undefined) missing.push(key);
    else found.set(agent.id, revision);
  }
  if (missing.length > 0)
    for (const each of await fetchRevisions(from, missing)) found.set(each.agentId, remembered.remember(each, each));
  return rows.map((row) => {
    const said = found.get(row.agent.id);
    if (said === undefined) throw new Error(`agent ${row.agent.id} has no revision ${row.agent.revision}`);
    return { ...row, said };
  });
}

function fetchRevisions(from: Transaction, keys: readonly RevisionKey[]) {
  const ids = sql.param(keys.map(({ agentId }) => agentId));
  const revisions = sql.param(keys.map(({ revision }) => revision));
  return from
    .select({
      agentId: agentRevisions.agentId,
      revision: agentRevisions.revision,
      document: sql<string>`${agentRevisions.document}::text`,
      sent: sql<string>`${agentRevisions.sent}::text`,
    })
    .from(agentRevisions)
    .where(
      sql`(${agentRevisions.agentId}, ${agentRevisions.revision}) in
        (select * from unnest(${ids}::text[], ${revisions}::int[]))`,
    );
}

type Key = { readonly workspaceId: string; readonly id: string };

const MAX_TOGETHER = 100;

/** Finds agents by id. What is asked for in one turn of the event loop goes to the database as one statement. */
export function createAgentLoader({ drizzle }: Pick<Database, "drizzle">): (key: Key) => Promise<AgentRow | undefined> {
  const [workspaceIds, ids] = [sql.placeholder("workspaceIds"), sql.placeholder("ids")];
  const wanted = sql`(select * from unnest(${workspaceIds}::text[], ${ids}::text[]) as t (workspace_id, id)) wanted`;
  const isWanted = and(eq(agents.id, sql`wanted.id`), eq(agents.workspaceId, sql`wanted.workspace_id`));
  const statement = selectAgents(drizzle)
    .innerJoin(wanted, isWanted)
    .where(isNull(agents.deletedAt))
    .prepare("agents_by_id");

  const loader = new DataLoader<Key, AgentRow | undefined>(
    async (keys) => {
      const different = [...new Map(keys.map((key) => [toText(key), key])).values()];
      const rows = await statement.execute({
        workspaceIds: different.map(({ workspaceId }) => workspaceId),
        ids: different.map(({ id }) => id),
      });
      const found = new Map(rows.map((row) => [toText({ workspaceId: row.agent.workspaceId, id: row.agent.id }), row]));
      return keys.map((key) => found.get(toText(key)));
    },
    { cache: false, maxBatchSize: MAX_TOGETHER, batchScheduleFn: (run) => void setImmediate(run) },
  );
  // What no database can hold would fail the statement for those who asked beside it.
  return (key) => (/^[\x20-\x7e]{1,64}$/.test(key.id) ? loader.load(key) : Promise.resolve(undefined));
}

function toText({ workspaceId, id }: Key): string {
  return `${workspaceId} ${id}`;
}

/** The row of an agent, as far as a revision changes it. */
type Before = Pick<typeof agents.$inferSelect, "id" | "workspaceId" | "revision" | "version">;

type NewRevision = { readonly name: string; readonly document: string; readonly sent: string; readonly at: Date };

/** One statement: an agent is never without its revision. */
export async function writeAgent(
  to: Transaction,
  { id, workspaceId, name, document, sent, at }: NewRevision & Pick<Before, "id" | "workspaceId">,
): Promise<void> {
  await to.execute(sql`
    with made as (
      insert into ${agents} (id, workspace_id, name, revision, version, created_at, updated_at)
      values (${id}, ${workspaceId}, ${name}, 1, 0, ${at}, ${at}) returning id
    )
    insert into ${agentRevisions} (agent_id, revision, document, sent, created_at)
    select id, 1, ${document}::jsonb, ${sent}::jsonb, ${at}::timestamptz from made`);
}

/** False when the agent was changed, deployed or deleted since it was read: nothing is written then. */
export async function writeRevision(
  to: Transaction,
  { id, workspaceId, revision, version }: Before,
  { name, document, sent, at }: NewRevision,
): Promise<boolean> {
  const { rows } = await to.execute(sql`
    with changed as (
      update ${agents} set name = ${name}, revision = revision + 1, updated_at = ${at}
      where id = ${id} and workspace_id = ${workspaceId} and revision = ${revision} and version = ${version}
        and deleted_at is null
      returning id, revision
    )
    insert into ${agentRevisions} (agent_id, revision, document, sent, created_at)
    select id, revision, ${document}::jsonb, ${sent}::jsonb, ${at}::timestamptz from changed
    returning revision`);
  return rows.length > 0;
}
