import type { AgentStore } from "../agents/store.ts";
import { AppError } from "../app-error.ts";
import type { DocumentStore } from "../documents/store.ts";
import type { PhoneNumberStore } from "./store.ts";

type Parts = {
  readonly extension?: string | null | undefined;
  readonly agentId?: string | null | undefined;
  readonly workflowId?: string | null | undefined;
  readonly sipTrunkId?: string | null | undefined;
};

type Deps = {
  readonly agents: AgentStore;
  readonly documents: DocumentStore;
  readonly phoneNumbers: Pick<PhoneNumberStore, "findExtension">;
};

/**
 * @param ownId the number that it is about
 * @throws AppError `not_found` for what isn't in the workspace; `conflict` for an extension that is in use
 */
export async function requireParts(
  { agents, documents, phoneNumbers }: Deps,
  workspaceId: string,
  { agentId, workflowId, sipTrunkId, extension }: Parts,
  ownId?: string,
): Promise<void> {
  const holder = isGiven(extension) ? await phoneNumbers.findExtension(workspaceId, extension) : undefined;
  if (holder !== undefined && holder.id !== ownId)
    throw new AppError("conflict", `${holder.phoneNumber} has the extension ${extension} already`);
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
