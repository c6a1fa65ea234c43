import { and, count, desc, eq, isNull, lt, type SQL, sql } from "drizzle-orm";
import type { Vault } from "../secrets/vault.ts";
import type { Database, Transaction } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { agentDeployments, agentRevisions, agents, calls, conversations, phoneNumbers } from "../storage/schema.ts";
import type { NewDomainEvent } from "../webhooks/domain-event.ts";
import { createOutbox, type Outbox } from "../webhooks/outbox.ts";
import { syncAgentEndpoint } from "../webhooks/store.ts";
import type { AgentSettings } from "./agent.ts";
import { concealSecrets, revealSecrets, withoutSecrets } from "./conceal-secrets.ts";
import { RememberedRevisions } from "./remembered-revisions.ts";
import type { SentByDialect, StoredAgent } from "./stored-agent.ts";
import {
  type AgentRow,
  createAgentLoader,
  type ReadAgent,
  readRevisions,
  selectAgents,
  writeAgent,
  writeRevision,
} from "./working/store.ts";

export type NewStoredAgent = {
  readonly workspaceId: string;
  readonly id: string;
  readonly settings: AgentSettings;
  readonly sent: SentByDialect;
  readonly createdAt: Date;
};

export type Deployment = {
  readonly version: number;
  readonly revision: number;
  readonly note?: string;
  readonly deployedAt: string;
};

/** What a call is held with; secrets of tools are readable. */
export type AgentForCall = {
  readonly id: string;
  readonly settings: AgentSettings;
  readonly revision: number;
  /** Absent for the working version. */
  readonly version?: number;
};

type Change = { readonly settings: AgentSettings; readonly sent: SentByDialect };

export type AgentFilter = {
  readonly limit: number;
  readonly beforeId?: string | undefined;
  readonly offset?: number | undefined;
  readonly name?: string | undefined;
};

/** Secrets are sealed here, and come out of `findForCall` only. */
export interface AgentStore {
  insert(agent: NewStoredAgent): Promise<StoredAgent>;
  /** Inserts all if there has never been an agent; tells whether it did. */
  insertIfFirst(first: readonly NewStoredAgent[]): Promise<boolean>;
  find(workspaceId: string, id: string): Promise<StoredAgent | undefined>;
  /** `deployed`: the latest deployed version, or the working one of an agent that never was deployed. */
  findForCall(workspaceId: string, id: string, use: "working" | "deployed"): Promise<AgentForCall | undefined>;
  /**
   * Stores what `change` makes of the agent as its next revision; undefined when there is no such agent. `change` is
   * asked anew when somebody else was faster.
   */
  update(
    workspaceId: string,
    id: string,
    change: (agent: StoredAgent) => Change,
    at: Date,
  ): Promise<StoredAgent | undefined>;
  /** False when there is no such agent. Its numbers, conversations and calls stay, without it. */
  remove(workspaceId: string, id: string, removedAt: Date, expectedRevision?: number): Promise<boolean>;
  /** Newest first. */
  list(workspaceId: string, filter: AgentFilter): Promise<StoredAgent[]>;
  count(workspaceId: string): Promise<number>;
  /** Freezes the working revision under the next version, unless it is the latest deployed one already. */
  deploy(workspaceId: string, id: string, at: Date, note?: string): Promise<StoredAgent | undefined>;
  /** Newest first. */
  listDeployments(id: string): Promise<Deployment[]>;
  /** Also finds versions of agents that were deleted. */
  findVersion(id: string, version: number): Promise<AgentSettings | undefined>;
  findRevision(id: string, revision: number): Promise<AgentSettings | undefined>;
}

/** Writes of one agent at once that read it without a lock; whoever loses so often waits for one. */
const UNLOCKED_ATTEMPTS = 3;

/**
 * @param vault seals the secrets of tools and webhooks
 * @param outbox where deployments are told; by default to whoever listens at the next look
 */
export function createAgentStore({ drizzle }: Database, vault: Vault, outbox: Outbox = createOutbox()): AgentStore {
  const isWanted = (workspaceId: string, id: string) =>
    and(eq(agents.id, id), eq(agents.workspaceId, workspaceId), isNull(agents.deletedAt));
  const lock = async (transaction: Transaction, wanted: SQL | undefined) => {
    const [row] = await selectAgents(transaction).where(wanted).for("update");
    return row;
  };
  const findRow = createAgentLoader({ drizzle });
  const remembered = new RememberedRevisions();

  const readOne = async (row: AgentRow | undefined, from: Transaction = drizzle) => {
    const [read] = await readRevisions(row === undefined ? [] : [row], from, remembered);
    return read;
  };

  const insert = async (to: Transaction, { id, workspaceId, settings, sent, createdAt }: NewStoredAgent) => {
    const document = JSON.stringify(concealSecrets(settings, { vault, agentId: id }));
    const written = { id, workspaceId, name: settings.name, document, sent: JSON.stringify(sent), at: createdAt };
    await writeAgent(to, written);
    if (settings.webhook !== undefined)
      await mirrorWebhook(to, { vault, now: createdAt }, { workspaceId, agentId: id, settings });
    return written;
  };

  const toNext = ({ agent, numbers, said }: ReadAgent, { settings, sent }: Change, at: Date) => {
    const previous: unknown = JSON.parse(said.document);
    const document = JSON.stringify(concealSecrets(settings, { vault, agentId: agent.id, previous }));
    const { name } = settings;
    return {
      before: agent,
      row: { agent: { ...agent, name, revision: agent.revision + 1, updatedAt: at }, numbers },
      written: { name, at, document, sent: JSON.stringify(sent) },
      settings,
      touchesWebhook: hasWebhook(previous) || settings.webhook !== undefined,
    };
  };
  type Next = ReturnType<typeof toNext>;
  /** False when the agent was written by somebody else since it was read. */
  const writeNext = async (to: Transaction, { before, written, settings, touchesWebhook }: Next) => {
    if (!(await writeRevision(to, before, written))) return false;
    if (touchesWebhook)
      await mirrorWebhook(
        to,
        { vault, now: written.at },
        { workspaceId: before.workspaceId, agentId: before.id, settings },
      );
    return true;
  };
  const committed = (row: AgentRow, written: { readonly document: string; readonly sent: string }) => {
    const { id: agentId, revision } = row.agent;
    return toStored({ ...row, said: remembered.remember({ agentId, revision }, written) });
  };

  return withoutParameters<AgentStore>({
    async insert(agent) {
      const written =
        agent.settings.webhook === undefined
          ? await insert(drizzle, agent)
          : await drizzle.transaction((transaction) => insert(transaction, agent));
      const { id, workspaceId, name, at } = written;
      const neverDeployed = { version: 0, deployedRevision: null, deployedAt: null, deletedAt: null };
      const row = { id, workspaceId, name, revision: 1, createdAt: at, updatedAt: at, ...neverDeployed };
      return committed({ agent: row, numbers: [] }, written);
    },

    insertIfFirst: (first) =>
      drizzle.transaction(async (transaction) => {
        await transaction.execute(sql`lock table ${agents} in exclusive mode`);
        const [total] = await transaction.select({ agents: count() }).from(agents);
        if (total?.agents !== 0) return false;
        for (const agent of first) await insert(transaction, agent);
        return true;
      }),

    async find(workspaceId, id) {
      const read = await readOne(await findRow({ workspaceId, id }));
      return read && toStored(read);
    },

    async findForCall(workspaceId, id, use) {
      const row = await findRow({ workspaceId, id });
      if (row === undefined) return undefined;
      const { revision, version } = row.agent;
      if (use === "working" || version === 0) {
        const read = await readOne(row);
        return read && { id, settings: revealSecrets(JSON.parse(read.said.document), vault, id), revision };
      }
      const [deployed] = await drizzle
        .select({ revision: agentRevisions.revision, document: agentRevisions.document })
        .from(agentDeployments)
        .innerJoin(agentRevisions, isRevisionOfDeployment())
        .where(and(eq(agentDeployments.agentId, id), eq(agentDeployments.version, version)));
      if (deployed === undefined) throw new Error("a deployed version has no revision");
      const settings = revealSecrets(deployed.document, vault, id);
      return { id, settings, revision: deployed.revision, version };
    },

    async update(workspaceId, id, change, at) {
      for (let attempt = 0; attempt < UNLOCKED_ATTEMPTS; attempt++) {
        const read = await readOne(await findRow({ workspaceId, id }));
        if (read === undefined) return undefined;
        const next = toNext(read, change(toStored(read)), at);
        const isWritten = next.touchesWebhook
          ? await drizzle.transaction((transaction) => writeNext(transaction, next))
          : await writeNext(drizzle, next);
        if (isWritten) return committed(next.row, next.written);
      }
      const next = await drizzle.transaction(async (transaction) => {
        const read = await readOne(await lock(transaction, isWanted(workspaceId, id)), transaction);
        if (read === undefined) return undefined;
        const locked = toNext(read, change(toStored(read)), at);
        if (!(await writeNext(transaction, locked))) throw new Error("a locked agent was changed");
        return locked;
      });
      return next === undefined ? undefined : committed(next.row, next.written);
    },

    remove: (workspaceId, id, removedAt, expectedRevision) =>
      drizzle.transaction(async (transaction) => {
        const removed = await transaction
          .update(agents)
          .set({ deletedAt: removedAt })
          .where(
            and(
              isWanted(workspaceId, id),
              expectedRevision === undefined ? undefined : eq(agents.revision, expectedRevision),
            ),
          )
          .returning({ id: agents.id });
        if (removed.length === 0) return false;
        await mirrorWebhook(transaction, { vault, now: removedAt }, { workspaceId, agentId: id });
        for (const table of [phoneNumbers, conversations, calls])
          await transaction.update(table).set({ agentId: null }).where(eq(table.agentId, id));
        return true;
      }),

    async list(workspaceId, { limit, beforeId, offset, name }) {
      const rows = await selectAgents(drizzle)
        .where(
          and(
            eq(agents.workspaceId, workspaceId),
            isNull(agents.deletedAt),
            beforeId === undefined ? undefined : lt(agents.id, beforeId),
            name === undefined ? undefined : sql`lower(${agents.name}) = lower(${name})`,
          ),
        )
        .orderBy(desc(agents.id))
        .limit(limit)
        .offset(offset ?? 0);
      return (await readRevisions(rows, drizzle, remembered)).map(toStored);
    },

    async count(workspaceId) {
      const [total] = await drizzle
        .select({ agents: count() })
        .from(agents)
        .where(and(eq(agents.workspaceId, workspaceId), isNull(agents.deletedAt)));
      return total?.agents ?? 0;
    },

    async deploy(workspaceId, id, at, note) {
      const deployed = await drizzle.transaction(async (transaction) => {
        const row = await lock(transaction, isWanted(workspaceId, id));
        if (row === undefined) return undefined;
        if (row.agent.deployedRevision === row.agent.revision) return row;
        const version = row.agent.version + 1;
        await transaction
          .insert(agentDeployments)
          .values({ agentId: id, version, revision: row.agent.revision, note: note ?? null, deployedAt: at });
        const [agent] = await transaction
          .update(agents)
          .set({ version, deployedRevision: row.agent.revision, deployedAt: at })
          .where(eq(agents.id, id))
          .returning();
        if (agent === undefined) throw new Error("a locked agent is gone");
        await outbox.record(transaction, [deployedEvent(agent, at)]);
        return { ...row, agent };
      });
      outbox.wake();
      const read = await readOne(deployed);
      return read && toStored(read);
    },

    async listDeployments(id) {
      const rows = await drizzle
        .select()
        .from(agentDeployments)
        .where(eq(agentDeployments.agentId, id))
        .orderBy(desc(agentDeployments.version));
      return rows.map(({ version, revision, note, deployedAt }) => ({
        version,
        revision,
        ...(note === null ? {} : { note }),
        deployedAt: deployedAt.toISOString(),
      }));
    },

    async findVersion(id, version) {
      const [row] = await drizzle
        .select({ document: agentRevisions.document })
        .from(agentDeployments)
        .innerJoin(agentRevisions, isRevisionOfDeployment())
        .where(and(eq(agentDeployments.agentId, id), eq(agentDeployments.version, version)));
      return row === undefined ? undefined : withoutSecrets(row.document);
    },

    async findRevision(id, revision) {
      const [row] = await drizzle
        .select({ document: agentRevisions.document })
        .from(agentRevisions)
        .where(and(eq(agentRevisions.agentId, id), eq(agentRevisions.revision, revision)));
      return row === undefined ? undefined : withoutSecrets(row.document);
    },
  });
}

function toStored({ agent, numbers, said: { settings, sent } }: ReadAgent): StoredAgent {
  const { id, revision, version, deployedRevision, deployedAt, createdAt, updatedAt } = agent;
  return {
    agent: {
      ...settings,
      id,
      revision,
      version,
      isDeployed: deployedRevision === revision,
      ...(deployedAt === null ? {} : { deployedAt: deployedAt.toISOString() }),
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
    },
    sent,
    numbers,
  };
}

function deployedEvent({ id, workspaceId, version }: typeof agents.$inferSelect, at: Date): NewDomainEvent {
  const data = { agentId: id, version, deployedAt: at.toISOString() };
  return { type: "agent.deployed", workspaceId, occurredAt: at, data };
}

function hasWebhook(document: unknown): boolean {
  return (document as { webhook?: unknown }).webhook !== undefined;
}

/** Deliveries go to endpoints: the agent's own webhook is one of them. */
async function mirrorWebhook(
  transaction: Transaction,
  deps: { readonly vault: Vault; readonly now: Date },
  of: { readonly workspaceId: string; readonly agentId: string; readonly settings?: AgentSettings },
): Promise<void> {
  const { workspaceId, agentId, settings } = of;
  const { url, events = [], dialect = "earshot", secret, timeoutMs, contextLimit } = settings?.webhook ?? {};
  const mirrored = { workspaceId, agentId, dialect, url, events, secret, settings: { timeoutMs, contextLimit } };
  await syncAgentEndpoint(transaction, deps, mirrored);
}

function isRevisionOfDeployment() {
  return and(
    eq(agentRevisions.agentId, agentDeployments.agentId),
    eq(agentRevisions.revision, agentDeployments.revision),
  );
}
