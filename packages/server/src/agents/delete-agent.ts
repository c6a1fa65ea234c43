import { AppError } from "../app-error.ts";
import type { AgentDeps } from "./create-agent.ts";
import { agentNotFound } from "./read-agent.ts";

/**
 * Takes an agent off every list. Its past calls and its numbers stay, without it, and calls under way go on.
 * @throws AppError `not_found`; `precondition_failed` when it isn't at the expected revision any more
 */
export async function deleteAgent(
  { agents, clock }: AgentDeps,
  request: { readonly workspaceId: string; readonly id: string; readonly expectedRevision?: number | undefined },
): Promise<void> {
  const { workspaceId, id, expectedRevision } = request;
  if (await agents.remove(workspaceId, id, clock.now(), expectedRevision)) return;
  if (expectedRevision !== undefined && (await agents.find(workspaceId, id)) !== undefined) throw changedMeanwhile(id);
  throw agentNotFound(id);
}

export function changedMeanwhile(id: string): AppError {
  return new AppError(
    "precondition_failed",
    `agent "${id}" was changed meanwhile: read it again, and send its new ETag in If-Match`,
  );
}
