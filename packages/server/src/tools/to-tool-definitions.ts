import type { ToolDefinition } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import type { AgentTool } from "../agents/agent-tool.ts";
import { toMcpPlaceholder } from "../mcp-servers/mcp-placeholder.ts";
import { transferParameters } from "./run-transfer.ts";
import { toolsOf } from "./tools-of.ts";

type Offering = Pick<AgentSettings, "tools" | "transfers" | "messaging" | "knowledge" | "endMessage">;

const NONE = { type: "object", properties: {} } as const;
const MESSAGE = {
  type: "object",
  properties: {
    body: { type: "string", description: "The text." },
    to: { type: "string", description: "A number in E.164; absent: the caller." },
  },
  required: ["body"],
} as const;
const QUESTION = {
  type: "object",
  properties: { query: { type: "string", description: "What is to be found, in the caller's language." } },
  required: ["query"],
} as const;
const DIGITS = {
  type: "object",
  properties: { digits: { type: "string", description: "0-9, * and #, in the order in which they are pressed." } },
  required: ["digits"],
} as const;

/** What of an agent's tools its model is told. Those of MCP servers are put in once their server has named them. */
export function toToolDefinitions(agent: Offering, tools: readonly AgentTool[] = toolsOf(agent)): ToolDefinition[] {
  return tools.flatMap((tool) => toDefinition(agent, tool));
}

function toDefinition(agent: Offering, tool: AgentTool): ToolDefinition[] {
  if (tool.kind === "mcp") return [toMcpPlaceholder(tool)];
  const { name, description, phrases } = tool;
  const define = (parameters: ToolDefinition["parameters"]) => [{ name, description, parameters, phrases }];
  switch (tool.kind) {
    case "webhook":
      return define(tool.parameters);
    case "transfer":
      return agent.transfers.length === 0 ? [] : define(transferParameters(agent));
    case "sendDigits":
      return define(DIGITS);
    case "sendMessage":
      return define(MESSAGE);
    case "endCall":
      if (agent.endMessage === undefined) return define(NONE);
      return [
        {
          ...{ name, parameters: NONE, phrases },
          description: `${description} A fixed goodbye is said for you: say none yourself.`,
        },
      ];
    case "knowledge":
      if (agent.knowledge.baseIds.length === 0) return [];
      return [{ name, description, parameters: QUESTION, phrases, isLookUp: true }];
    case "voicemail":
    case "pauseRecording":
    case "resumeRecording":
    case "handoff":
      return define(NONE);
  }
}
