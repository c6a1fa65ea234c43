import type { AgentSettings } from "../agents/agent.ts";
import { CallMcpTools } from "../mcp-servers/call-mcp-tools.ts";
import type { FindMcpServers } from "../mcp-servers/find-mcp-servers.ts";
import type { McpConnection, McpEndpoint } from "../mcp-servers/mcp-connection.ts";

/**
 * The tools of every MCP server that agents have tools of, once the servers have named them.
 * @throws Error when one that an agent can't do without can't be reached: the message is answered later
 */
export async function openMcpTools(
  deps: { readonly findMcpServers: FindMcpServers; readonly connectMcp: (endpoint: McpEndpoint) => McpConnection },
  workspaceId: string,
  agents: readonly AgentSettings[],
): Promise<CallMcpTools> {
  const servers = await deps.findMcpServers(workspaceId, agents);
  const mcp = CallMcpTools.ofAgents(agents, servers, deps.connectMcp);
  const missing = (await mcp.ready).find(({ isRequired }) => isRequired);
  if (missing === undefined) return mcp;
  throw new Error(`the MCP server ${missing.server} can't be reached: ${missing.message}`);
}
