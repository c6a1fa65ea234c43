import { AppError } from "../app-error.ts";
import type { Agent } from "./agent.ts";
import type { AgentStore } from "./store.ts";

/** @throws AppError `not_found` */
export async function readAgent(store: AgentStore, id: string): Promise<Agent> {
  const agent = await store.find(id);
  if (agent === undefined) throw agentNotFound(id);
  return agent;
}

export function agentNotFound(id: string): AppError {
  return new AppError("not_found", `there is no agent "${id}"`);
}
