import { readVersion } from "./agent-versions.ts";
import type { AgentDeps } from "./create-agent.ts";
import type { StoredAgent } from "./stored-agent.ts";
import { replaceAgent } from "./update-agent.ts";

/**
 * Makes a deployed version the working one again. Nothing is lost: it is a new revision. Deploy it to have phone calls
 * use it.
 * @throws AppError `not_found`
 */
export async function rollBackAgent(
  deps: AgentDeps,
  request: { readonly workspaceId: string; readonly id: string; readonly version: number },
): Promise<StoredAgent> {
  const settings = await readVersion(deps.agents, request);
  return replaceAgent(deps, { ...request, change: () => ({ settings, sent: {} }) });
}
