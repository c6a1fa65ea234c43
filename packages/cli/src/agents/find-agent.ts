import type { Agent, Earshot } from "@earshot/sdk";
import { CliError } from "../cli-error.ts";

const MAX_PAGES = 50;

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

export async function listAgents(client: Earshot): Promise<readonly Agent[]> {
  const agents: Agent[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { data, nextCursor } = await client.agents.list({ limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    agents.push(...data);
    if (nextCursor === undefined) break;
    cursor = nextCursor;
  }
  return agents;
}

function describeChoice(agents: readonly Agent[]): string {
  if (agents.length === 0) return "There are none at all yet: create one with POST /v1/agents.";
  return `The agents are: ${agents.map(({ name }) => name).join(", ")}.`;
}
