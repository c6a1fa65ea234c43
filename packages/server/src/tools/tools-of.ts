import type { AgentSettings } from "../agents/agent.ts";
import { type AgentTool, agentToolShape } from "../agents/agent-tool.ts";

const SEND_MESSAGE = agentToolShape.parse({ kind: "sendMessage" });
const LOOK_UP = agentToolShape.parse({ kind: "knowledge" });

/** The tools that an agent has, and those that it has by a setting: to write messages, and to look things up. */
export function toolsOf({
  tools,
  messaging,
  knowledge,
}: Pick<AgentSettings, "tools" | "messaging" | "knowledge">): readonly AgentTool[] {
  const isMissing = (wanted: AgentTool) =>
    !tools.some(({ kind, name }) => kind === wanted.kind || name === wanted.name);
  return [
    ...tools,
    ...(messaging.isEnabled && isMissing(SEND_MESSAGE) ? [SEND_MESSAGE] : []),
    ...(knowledge.baseIds.length > 0 && isMissing(LOOK_UP) ? [LOOK_UP] : []),
  ];
}
