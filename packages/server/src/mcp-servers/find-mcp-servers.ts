import type { AgentSettings } from "../agents/agent.ts";
import { AppError } from "../app-error.ts";
import { Resources } from "../documents/resource.ts";
import type { DocumentStore } from "../documents/store.ts";
import type { Vault } from "../secrets/vault.ts";
import type { WallClock } from "../wall-clock.ts";
import type { McpEndpoint } from "./mcp-connection.ts";
import { mcpServerKind } from "./mcp-server.ts";
import { openHeaders } from "./write-mcp-server.ts";

/** The MCP servers of agents, by id; those that are gone are left out. */
export type FindMcpServers = (
  workspaceId: string,
  agents: readonly AgentSettings[],
) => Promise<Readonly<Record<string, McpEndpoint>>>;

export function createFindMcpServers(deps: {
  readonly documents: DocumentStore;
  readonly vault: Vault;
  readonly clock: WallClock;
}): FindMcpServers {
  const servers = new Resources(deps, mcpServerKind);
  return async (workspaceId, agents) => {
    const ids = agents.flatMap(({ tools }) => tools.flatMap((tool) => (tool.kind === "mcp" ? [tool.mcpServerId] : [])));
    const found: Record<string, McpEndpoint> = {};
    for (const id of new Set(ids)) {
      const server = await servers.read(workspaceId, id).catch(ifMissing);
      if (server === undefined) continue;
      const { name, url, transport, timeoutMs } = server;
      found[id] = { name, url, transport, timeoutMs, headers: openHeaders(deps.vault, workspaceId, server) };
    }
    return found;
  };
}

function ifMissing(error: unknown): undefined {
  if (error instanceof AppError && error.code === "not_found") return undefined;
  throw error;
}
