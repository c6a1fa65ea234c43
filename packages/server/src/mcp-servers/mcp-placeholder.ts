import type { ToolDefinition } from "@earshot/engine";
import type { ToolOfKind } from "../agents/agent-tool.ts";

/** No tool has a name like it. */
const PREFIX = "mcp:";

/** Stands among an agent's tools for all of a server's, until the server has named them. */
export function toMcpPlaceholder({ name }: Pick<ToolOfKind<"mcp">, "name">): ToolDefinition {
  return { name: `${PREFIX}${name}`, description: "", parameters: {} };
}

/** The name of the MCP tool of the agent; undefined when the definition is no placeholder. */
export function fromMcpPlaceholder({ name }: ToolDefinition): string | undefined {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined;
}
