import type { AgentSettings } from "../agents/agent.ts";
import type { AgentStore } from "../agents/store.ts";
import type { Handoffs } from "../tools/handoffs.ts";
import type { Call } from "./call.ts";

/** Beyond them a hand-off fails: agents that name each other must come to an end. */
const MAX_AGENTS = 20;

/** Every agent that a call may come to, by hand-offs of its agent and of theirs. Those that are gone or inactive are left out. */
export async function findHandoffs(
  agents: Pick<AgentStore, "findForCall">,
  { workspaceId, direction }: Pick<Call, "workspaceId" | "direction">,
  first: AgentSettings,
): Promise<Handoffs> {
  const found: Record<string, AgentSettings> = {};
  const asked = new Set<string>();
  let wanted = targetsOf(first);
  while (wanted.length > 0) {
    const next: string[] = [];
    for (const agentId of wanted.filter((id) => !asked.has(id)).slice(0, MAX_AGENTS - asked.size)) {
      asked.add(agentId);
      const agent = await agents.findForCall(workspaceId, agentId, direction === "web" ? "working" : "deployed");
      if (!agent?.settings.isActive) continue;
      found[agentId] = agent.settings;
      next.push(...targetsOf(agent.settings));
    }
    wanted = next;
  }
  return found;
}

function targetsOf({ tools, flow }: AgentSettings): string[] {
  const byTool = tools.flatMap((tool) => (tool.kind === "handoff" ? [tool.agentId] : []));
  const byFlow = (flow?.nodes ?? []).flatMap((node) => (node.type === "handOff" ? [node.agentId] : []));
  return [...new Set([...byTool, ...byFlow])];
}
