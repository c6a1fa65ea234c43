import type { AgentStore } from "../agents/store.ts";
import { AppError } from "../app-error.ts";
import type { DocumentStore } from "../documents/store.ts";

type Parts = {
  readonly agentId?: string | null | undefined;
  readonly workflowId?: string | null | undefined;
  readonly sipTrunkId?: string | null | undefined;
};

/** @throws AppError `not_found` for what isn't in the workspace */
export async function requireParts(
  { agents, documents }: { readonly agents: AgentStore; readonly documents: DocumentStore },
  workspaceId: string,
  { agentId, workflowId, sipTrunkId }: Parts,
): Promise<void> {
  if (isGiven(agentId) && (await agents.find(workspaceId, agentId)) === undefined) throw missing("agent", agentId);
  if (isGiven(workflowId) && (await documents.find({ workspaceId, kind: "workflow" }, workflowId)) === undefined)
    throw missing("workflow", workflowId);
  if (isGiven(sipTrunkId) && (await documents.find({ workspaceId, kind: "sip_trunk" }, sipTrunkId)) === undefined)
    throw missing("SIP trunk", sipTrunkId);
}

function isGiven(id: string | null | undefined): id is string {
  return id !== undefined && id !== null;
}

function missing(what: string, id: string): AppError {
  return new AppError("not_found", `there is no ${what} "${id}"`);
}
