import type { WallClock } from "../wall-clock.ts";
import { agentNotFound } from "./read-agent.ts";
import type { AgentStore } from "./store.ts";

/**
 * Takes an agent off every list. Its past calls stay readable, and calls under way go on.
 * @throws AppError `not_found`
 */
export async function deleteAgent(store: AgentStore, clock: WallClock, id: string): Promise<void> {
  if (!(await store.remove(id, clock.now().toISOString()))) throw agentNotFound(id);
}
