import { AppError } from "../app-error.ts";
import { type AgentPatch, type AgentSettings, newAgentShape } from "./agent.ts";
import type { AgentDeps } from "./create-agent.ts";
import { changedMeanwhile } from "./delete-agent.ts";
import { patchSettings } from "./patch-settings.ts";
import { agentNotFound } from "./read-agent.ts";
import type { SentByDialect, StoredAgent } from "./stored-agent.ts";

/**
 * Changes the working version as by JSON Merge Patch (RFC 7396); calls under way keep the one that they began with.
 * @throws AppError `not_found`; `invalid_request` when the result isn't a valid agent; `precondition_failed` when it
 *   isn't at the expected revision any more
 */
export async function updateAgent(
  deps: AgentDeps,
  change: {
    readonly workspaceId: string;
    readonly id: string;
    readonly patch: AgentPatch;
    readonly expectedRevision?: number | undefined;
  },
): Promise<StoredAgent> {
  return replaceAgent(deps, {
    ...change,
    change: ({ agent, sent }) => ({
      settings: parseSettings(patchSettings(toSettings(agent), change.patch)),
      sent,
    }),
  });
}

/**
 * Stores what `change` makes of the working version as its next revision.
 * @throws AppError `not_found`, `precondition_failed`, and what `change` throws: nothing is changed then
 */
export async function replaceAgent(
  { agents, clock }: AgentDeps,
  request: {
    readonly workspaceId: string;
    readonly id: string;
    readonly expectedRevision?: number | undefined;
    readonly change: (agent: StoredAgent) => { readonly settings: AgentSettings; readonly sent: SentByDialect };
  },
): Promise<StoredAgent> {
  const { workspaceId, id, expectedRevision } = request;
  const updated = await agents.update(
    workspaceId,
    id,
    (stored) => {
      if (expectedRevision !== undefined && expectedRevision !== stored.agent.revision) throw changedMeanwhile(id);
      return request.change(stored);
    },
    clock.now(),
  );
  if (updated === undefined) throw agentNotFound(id);
  return updated;
}

/** @throws AppError `invalid_request` naming each wrong field */
export function parseSettings(input: unknown): AgentSettings {
  const parsed = newAgentShape.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new AppError("invalid_request", "the change would make the agent invalid", {
    details: { errors: parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message })) },
  });
}

/** An agent without what isn't a setting. */
export function toSettings(agent: StoredAgent["agent"]): AgentSettings {
  const { id, revision, version, deployedAt, isDeployed, createdAt, updatedAt, ...settings } = agent;
  return settings;
}
