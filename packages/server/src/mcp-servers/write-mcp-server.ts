import type { Resources } from "../documents/resource.ts";
import type { JsonObject } from "../documents/resource-shapes.ts";
import { toShown } from "../documents/resource-verbs.ts";
import { mergePatch } from "../merge-patch.ts";
import type { Vault } from "../secrets/vault.ts";
import { type McpServer, type McpServerSettings, mcpHeadersShape, mcpServerKind } from "./mcp-server.ts";

type Deps = { readonly mcpServers: Resources<typeof mcpServerKind.shape>; readonly vault: Vault };

const WHOLE = new Set<string>(mcpServerKind.whole);

/** @param input `headers`: values by name @throws AppError `invalid_request` naming each wrong field */
export function createMcpServer(deps: Deps, workspaceId: string, input: JsonObject): Promise<McpServer> {
  return deps.mcpServers.create(workspaceId, toSettings(deps, workspaceId, input));
}

/** Headers are replaced all at once; without any in the patch they stay. @throws AppError `not_found`, `invalid_request` */
export function updateMcpServer(
  deps: Deps,
  workspaceId: string,
  { id, patch }: { readonly id: string; readonly patch: JsonObject },
): Promise<McpServer> {
  return deps.mcpServers.change(workspaceId, id, (current) => {
    const { headers, ...rest } = patch;
    const merged = mergePatch(current, rest, WHOLE);
    if (headers === undefined) return deps.mcpServers.parse(merged);
    return toSettings(deps, workspaceId, { ...merged, headers: headers ?? {} });
  });
}

/** What is sent with requests to the server, readable. */
export function openHeaders(
  vault: Vault,
  workspaceId: string,
  { sealedHeaders }: McpServer,
): Readonly<Record<string, string>> {
  const opened = Object.entries(sealedHeaders).map(([name, sealed]) => [
    name,
    vault.open(sealed, contextOf(workspaceId, name)),
  ]);
  return Object.fromEntries(opened);
}

export function toPublicMcpServer({ sealedHeaders, ...shown }: McpServer): JsonObject {
  return toShown({ ...shown, headerNames: Object.keys(sealedHeaders) });
}

function toSettings({ mcpServers, vault }: Deps, workspaceId: string, input: JsonObject): McpServerSettings {
  const { headers, sealedHeaders: _, ...rest } = input;
  const settings = mcpServers.parse(rest);
  const sealed = Object.entries(mcpHeadersShape.parse(headers)).map(([name, value]) => [
    name,
    vault.seal(value, contextOf(workspaceId, name)),
  ]);
  return { ...settings, sealedHeaders: Object.fromEntries(sealed) };
}

function contextOf(workspaceId: string, header: string): string {
  return `${workspaceId} MCP header ${header.toLowerCase()}`;
}
