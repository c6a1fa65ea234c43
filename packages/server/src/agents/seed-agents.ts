import { DEFAULT_WORKSPACE_ID } from "../workspaces/workspace.ts";
import { type AgentDeps, toNewAgent } from "./create-agent.ts";
import { exampleAgents } from "./example-agents.ts";

/** Gives a database that never had an agent the example agents. Deleted ones don't come back. */
export async function seedAgents({ agents, clock }: AgentDeps): Promise<boolean> {
  const nowMs = clock.now().getTime();
  // Lists show the newest first: a millisecond apart, they stay in the order of the examples.
  const examples = exampleAgents().map((settings, index) =>
    toNewAgent({ workspaceId: DEFAULT_WORKSPACE_ID, settings }, { ...clock, now: () => clock.at(nowMs - index) }),
  );
  return agents.insertIfFirst(examples);
}
