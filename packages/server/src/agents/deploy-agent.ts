import type { AgentDeps } from "./create-agent.ts";
import { agentNotFound } from "./read-agent.ts";
import type { StoredAgent } from "./stored-agent.ts";

/**
 * Freezes the working version under the next version number; phone calls use it from now on. An agent that didn't change
 * since its last deployment stays as it is.
 * @throws AppError `not_found`
 */
export async function deployAgent(
  { agents, clock }: AgentDeps,
  request: { readonly workspaceId: string; readonly id: string; readonly note?: string | undefined },
): Promise<StoredAgent> {
  const deployed = await agents.deploy(request.workspaceId, request.id, clock.now(), request.note);
  if (deployed === undefined) throw agentNotFound(request.id);
  return deployed;
}
