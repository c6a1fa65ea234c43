import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import { Resource } from "./resource.ts";
import type { Transport } from "./transport.ts";

/** Its headers' values are never shown; `headerNames` tells which there are. */
export type McpServer = components["schemas"]["McpServer"];
export type NewMcpServer = requests["schemas"]["NewMcpServer"];
export type McpServerPatch = requests["schemas"]["McpServerPatch"];

/** Servers of the Model Context Protocol that agents have tools from. */
export class McpServers extends Resource<{ item: McpServer; create: NewMcpServer; update: McpServerPatch }> {
  constructor(transport: Transport) {
    super(transport, "/v1/mcp-servers");
  }
}
