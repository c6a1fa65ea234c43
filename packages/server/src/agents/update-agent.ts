import { AppError } from "../app-error.ts";
import type { WallClock } from "../wall-clock.ts";
import { type Agent, type AgentPatch, newAgentShape } from "./agent.ts";
import { agentNotFound } from "./read-agent.ts";
import type { AgentStore } from "./store.ts";

/**
 * Changes an agent as by JSON Merge Patch (RFC 7396). Calls under way keep the version that they began with.
 * @throws AppError `not_found`; `invalid_request` when the result isn't a valid agent
 */
export async function updateAgent(
  store: AgentStore,
  clock: WallClock,
  change: { readonly id: string; readonly patch: AgentPatch },
): Promise<Agent> {
  const updated = await store.update(change.id, (agent) => {
    const { id, version, createdAt, updatedAt: _, ...document } = agent;
    const merged = newAgentShape.safeParse(merge(document, change.patch));
    if (!merged.success)
      throw new AppError("invalid_request", "the change would make the agent invalid", {
        details: { errors: merged.error.issues.map(({ path, message }) => ({ path: path.join("."), message })) },
      });
    return { id, version, ...merged.data, createdAt, updatedAt: clock.now().toISOString() };
  });
  if (updated === undefined) throw agentNotFound(change.id);
  return updated;
}

/** Objects that say what they are (a greeting) or hold free keys (metadata) are replaced as a whole. */
const REPLACED = new Set(["greeting", "metadata"]);

function merge(target: Readonly<Record<string, unknown>>, patch: Readonly<Record<string, unknown>>): unknown {
  const merged = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const current = merged[key];
    if (value === null) delete merged[key];
    else if (isObject(value) && isObject(current) && !REPLACED.has(key)) merged[key] = merge(current, value);
    else merged[key] = value;
  }
  return merged;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
