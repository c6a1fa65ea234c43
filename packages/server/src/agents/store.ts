import { and, count, desc, eq, isNull, lt, sql } from "drizzle-orm";
import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { agents, agentVersions } from "../storage/schema.ts";
import { type Agent, type NewAgent, newAgentShape } from "./agent.ts";

export interface AgentStore {
  insert(agent: Agent): Promise<void>;
  /** Inserts all if there has never been an agent; tells whether it did. */
  insertIfFirst(first: readonly Agent[]): Promise<boolean>;
  find(id: string): Promise<Agent | undefined>;
  /** Also finds versions of agents that were deleted. */
  findVersion(id: string, version: number): Promise<NewAgent | undefined>;
  /** Stores what `change` makes of the agent as its next version; undefined when there is no such agent. */
  update(id: string, change: (agent: Agent) => Agent): Promise<Agent | undefined>;
  /** False when there is no such agent. */
  remove(id: string, removedAt: string): Promise<boolean>;
  /** Newest first. */
  list(options: {
    readonly limit: number;
    readonly beforeId?: string | undefined;
    readonly name?: string | undefined;
  }): Promise<Agent[]>;
}

type Transaction = Pick<Database["drizzle"], "insert" | "select" | "update">;

export function createAgentStore({ drizzle }: Database): AgentStore {
  const current = (from: Transaction) =>
    from
      .select({ agent: agents, document: agentVersions.document })
      .from(agents)
      .innerJoin(agentVersions, and(eq(agentVersions.agentId, agents.id), eq(agentVersions.version, agents.version)));

  return withoutParameters<AgentStore>({
    insert: (agent) => drizzle.transaction((transaction) => insert(transaction, agent)),

    insertIfFirst: (first) =>
      drizzle.transaction(async (transaction) => {
        await transaction.execute(sql`lock table ${agents} in exclusive mode`);
        const [total] = await transaction.select({ agents: count() }).from(agents);
        if (total?.agents !== 0) return false;
        for (const agent of first) await insert(transaction, agent);
        return true;
      }),

    async find(id) {
      const [row] = await current(drizzle).where(and(eq(agents.id, id), isNull(agents.deletedAt)));
      return row === undefined ? undefined : toAgent(row);
    },

    async findVersion(id, version) {
      const [row] = await drizzle
        .select()
        .from(agentVersions)
        .where(and(eq(agentVersions.agentId, id), eq(agentVersions.version, version)));
      return row === undefined ? undefined : newAgentShape.parse(row.document);
    },

    update: (id, change) =>
      drizzle.transaction(async (transaction) => {
        // Locked first and read afterwards: a join that waits for the lock would miss the version made meanwhile.
        const isWanted = and(eq(agents.id, id), isNull(agents.deletedAt));
        await transaction.select({ id: agents.id }).from(agents).where(isWanted).for("update");
        const [row] = await current(transaction).where(isWanted);
        if (row === undefined) return undefined;
        const agent = { ...change(toAgent(row)), version: row.agent.version + 1 };
        await transaction.insert(agentVersions).values(toVersionRow(agent));
        await transaction
          .update(agents)
          .set({ name: agent.name, version: agent.version, updatedAt: new Date(agent.updatedAt) })
          .where(eq(agents.id, id));
        return agent;
      }),

    async remove(id, removedAt) {
      const removed = await drizzle
        .update(agents)
        .set({ deletedAt: new Date(removedAt) })
        .where(and(eq(agents.id, id), isNull(agents.deletedAt)))
        .returning({ id: agents.id });
      return removed.length === 1;
    },

    async list({ limit, beforeId, name }) {
      const rows = await current(drizzle)
        .where(
          and(
            isNull(agents.deletedAt),
            beforeId === undefined ? undefined : lt(agents.id, beforeId),
            name === undefined ? undefined : sql`lower(${agents.name}) = lower(${name})`,
          ),
        )
        .orderBy(desc(agents.id))
        .limit(limit);
      return rows.map(toAgent);
    },
  });
}

async function insert(transaction: Transaction, agent: Agent): Promise<void> {
  const { id, name, version } = agent;
  const [createdAt, updatedAt] = [new Date(agent.createdAt), new Date(agent.updatedAt)];
  await transaction.insert(agents).values({ id, name, version, createdAt, updatedAt });
  await transaction.insert(agentVersions).values(toVersionRow(agent));
}

function toVersionRow(agent: Agent) {
  const { id: agentId, version, createdAt: _created, updatedAt, ...document } = agent;
  return { agentId, version, document, createdAt: new Date(updatedAt) };
}

/** Parsing fills in settings that came after the document was written. */
function toAgent({ agent, document }: { agent: typeof agents.$inferSelect; document: unknown }): Agent {
  return {
    id: agent.id,
    version: agent.version,
    ...newAgentShape.parse(document),
    createdAt: agent.createdAt.toISOString(),
    updatedAt: agent.updatedAt.toISOString(),
  };
}
