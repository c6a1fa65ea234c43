import { AppError } from "../app-error.ts";
import type { AgentStore } from "./store.ts";
import type { StoredAgent } from "./stored-agent.ts";

/** @throws AppError `not_found` */
export async function readAgent(store: AgentStore, workspaceId: string, id: string): Promise<StoredAgent> {
  const agent = await store.find(workspaceId, id);
  if (agent === undefined) throw agentNotFound(id);
  return agent;
}

export function agentNotFound(id: string): AppError {
  return new AppError("not_found", `there is no agent "${id}"`);
}
