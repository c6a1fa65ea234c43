import { newId } from "../new-id.ts";
import type { WallClock } from "../wall-clock.ts";
import type { AgentSettings } from "./agent.ts";
import type { AgentStore, NewStoredAgent } from "./store.ts";
import type { SentByDialect, StoredAgent } from "./stored-agent.ts";

export type AgentDeps = { readonly agents: AgentStore; readonly clock: WallClock };

/** @param input `sent`: what a dialect's client sent, to be given back as it was */
export async function createAgent(
  { agents, clock }: AgentDeps,
  input: { readonly workspaceId: string; readonly settings: AgentSettings; readonly sent?: SentByDialect },
): Promise<StoredAgent> {
  return agents.insert(toNewAgent(input, clock));
}

/** Gives a new agent its id and date. */
export function toNewAgent(
  input: { readonly workspaceId: string; readonly settings: AgentSettings; readonly sent?: SentByDialect },
  clock: WallClock,
): NewStoredAgent {
  const createdAt = clock.now();
  return { sent: {}, ...input, id: newId("agt", createdAt.getTime()), createdAt };
}
