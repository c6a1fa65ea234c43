import type { AgentSettings } from "../agents/agent.ts";
import { type AgentTool, agentToolShape } from "../agents/agent-tool.ts";

const SEND_MESSAGE = agentToolShape.parse({ kind: "sendMessage" });

/** The tools that an agent has, and one that it has by a setting: who may write messages has a tool for it. */
export function toolsOf({ tools, messaging }: Pick<AgentSettings, "tools" | "messaging">): readonly AgentTool[] {
  const isThere = tools.some(({ kind, name }) => kind === SEND_MESSAGE.kind || name === SEND_MESSAGE.name);
  return messaging.isEnabled && !isThere ? [...tools, SEND_MESSAGE] : tools;
}
