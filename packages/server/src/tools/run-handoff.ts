import type { ToolOutcome } from "@earshot/engine";
import type { ToolOfKind } from "../agents/agent-tool.ts";
import type { Handoffs } from "./handoffs.ts";
import { toSceneId } from "./handoffs.ts";
import { failed, succeeded } from "./tool-outcome.ts";

/** The other agent goes on from its next word, and knows what was said. */
export function runHandoff(handoffs: Handoffs, { agentId }: Pick<ToolOfKind<"handoff">, "agentId">): ToolOutcome {
  const agent = handoffs[agentId];
  if (agent === undefined) return failed(`The call was not handed over: there is no active agent "${agentId}".`);
  const told = `You have taken over the call as ${agent.name}. Go on from here; what was said is above.`;
  return { ...succeeded(told), sceneId: toSceneId(agentId) };
}
