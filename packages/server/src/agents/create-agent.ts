import { newId } from "../new-id.ts";
import type { WallClock } from "../wall-clock.ts";
import type { Agent, NewAgent } from "./agent.ts";
import type { AgentStore } from "./store.ts";

export async function createAgent(store: AgentStore, clock: WallClock, input: NewAgent): Promise<Agent> {
  const agent = toAgent(input, clock);
  await store.insert(agent);
  return agent;
}

/** Gives a new agent its id and dates. */
export function toAgent(input: NewAgent, clock: WallClock): Agent {
  const now = clock.now();
  const createdAt = now.toISOString();
  return { id: newId("agt", now.getTime()), version: 1, ...input, createdAt, updatedAt: createdAt };
}
