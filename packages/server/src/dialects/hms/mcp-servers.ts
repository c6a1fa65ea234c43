/** /mcp-servers: tools that others serve. */
import { z } from "zod";
import { Resources } from "../../documents/resource.ts";
import { mcpHeadersShape, mcpServerKind } from "../../mcp-servers/mcp-server.ts";
import { createMcpServer, openHeaders, updateMcpServer } from "../../mcp-servers/write-mcp-server.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { fromVendorId } from "./ids.ts";
import { reachMcpServer } from "./reach-mcp-server.ts";
import { addSimpleResource } from "./simple-resource.ts";

const { name, url, transport } = mcpServerKind.shape.shape;

const shape = z.looseObject({
  name,
  url,
  transport: transport.unwrap().nullish(),
  headers: mcpHeadersShape.unwrap().nullish(),
  timeout_seconds: z.number().int().min(5).max(60).nullish(),
});
type Sent = z.output<typeof shape>;

const PATH = "mcp-servers";

export function addMcpServers(app: DialectApp, deps: DialectDeps): void {
  const resources = new Resources(deps, mcpServerKind);

  app.post(`/api/v1/${PATH}/:id/test`, async (c) => {
    const { workspaceId } = c.get("principal");
    const server = await resources.read(workspaceId, fromVendorId(mcpServerKind.idPrefix, c.req.param("id")));
    const headers = openHeaders(deps.vault, workspaceId, server);
    return c.json(await reachMcpServer(deps.webhooks.guard, { ...server, headers }));
  });

  addSimpleResource(app, {
    path: PATH,
    one: ["mcp_server"],
    many: ["mcp_servers"],
    resources,
    shape,
    known: [...Object.keys(shape.shape), "header_names"],
    decode(sent) {
      const given = sent as Sent;
      return {
        name: given.name,
        url: given.url,
        transport: given.transport ?? undefined,
        timeoutMs: given.timeout_seconds ? given.timeout_seconds * 1000 : undefined,
        ...(given.headers === undefined ? {} : { headers: given.headers ?? {} }),
      };
    },
    encode: (server) => ({
      name: server.name,
      url: server.url,
      transport: server.transport,
      timeout_seconds: server.timeoutMs / 1000,
      header_names: Object.keys(server.sealedHeaders),
    }),
    verbs: {
      create: (workspaceId, input) => createMcpServer({ ...deps, mcpServers: resources }, workspaceId, input),
      update: (workspaceId, id, patch) =>
        updateMcpServer({ ...deps, mcpServers: resources }, workspaceId, { id, patch }),
    },
  });
}
