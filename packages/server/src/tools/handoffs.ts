/** Agents that may take over within a call: each is a scene of its own. */
import type { AgentSettings } from "../agents/agent.ts";

/** By agent id. */
export type Handoffs = Readonly<Record<string, AgentSettings>>;

const PREFIX = "agent:";

export function toSceneId(agentId: string): string {
  return `${PREFIX}${agentId}`;
}

/** The agent in charge of a scene; undefined when it is the call's own. */
export function agentOfScene(handoffs: Handoffs, sceneId: string): AgentSettings | undefined {
  return sceneId.startsWith(PREFIX) ? handoffs[sceneId.slice(PREFIX.length)] : undefined;
}
