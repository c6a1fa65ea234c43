import type { Agent, Earshot } from "@earshot/sdk";
import { CliError } from "../cli-error.ts";

const MAX_AGENTS = 5000;

/** The agent of this name or id; a name in other letters' case is found too. @throws CliError with the names there are */
export async function findAgent(client: Earshot, nameOrId: string): Promise<Agent> {
  const agents = await listAgents(client);
  const exact = agents.filter(({ id, name }) => id === nameOrId || name === nameOrId);
  const found = exact.length > 0 ? exact : agents.filter(({ name }) => name.toLowerCase() === nameOrId.toLowerCase());
  const [agent, second] = found;
  if (agent === undefined) throw new CliError(`There is no agent called "${nameOrId}". ${describeChoice(agents)}`);
  if (second === undefined) return agent;
  const ids = found.map(({ id }) => id).join(", ");
  throw new CliError(`${found.length} agents are called "${nameOrId}". Give the id of one instead: ${ids}.`);
}

/** The same, for who needs no more than the id; ids themselves are believed. @throws CliError */
export async function findAgentId(client: Earshot, nameOrId: string): Promise<string> {
  return nameOrId.startsWith("agt_") ? nameOrId : (await findAgent(client, nameOrId)).id;
}

async function listAgents(client: Earshot): Promise<readonly Agent[]> {
  const agents: Agent[] = [];
  for await (const agent of client.agents.list({ limit: 100 })) {
    agents.push(agent);
    if (agents.length >= MAX_AGENTS) break;
  }
  return agents;
}

function describeChoice(agents: readonly Agent[]): string {
  if (agents.length === 0) return "There are none at all yet: create one with `earshot agents create`.";
  return `The agents are: ${agents.map(({ name }) => name).join(", ")}.`;
}
