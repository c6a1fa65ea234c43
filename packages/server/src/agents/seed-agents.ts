import type { WallClock } from "../wall-clock.ts";
import { toAgent } from "./create-agent.ts";
import { exampleAgents } from "./example-agents.ts";
import type { AgentStore } from "./store.ts";

/** Gives a database that never had an agent the example agents. Deleted ones don't come back. */
export async function seedAgents(store: AgentStore, clock: WallClock): Promise<boolean> {
  const nowMs = clock.now().getTime();
  // Lists show the newest first: a millisecond apart, they stay in the order of the examples.
  const agents = exampleAgents().map((agent, index) =>
    toAgent(agent, { ...clock, now: () => clock.at(nowMs - index) }),
  );
  return store.insertIfFirst(agents);
}
