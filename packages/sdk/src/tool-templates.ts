import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import { Resource } from "./resource.ts";
import type { Transport } from "./transport.ts";

/** Its tool's secret is never shown; `hasSecret` tells that there is one. */
export type ToolTemplate = components["schemas"]["ToolTemplate"];
export type NewToolTemplate = requests["schemas"]["NewToolTemplate"];
export type ToolTemplatePatch = requests["schemas"]["ToolTemplatePatch"];

/** Tools to be used by several agents. */
export class ToolTemplates extends Resource<{
  item: ToolTemplate;
  create: NewToolTemplate;
  update: ToolTemplatePatch;
}> {
  constructor(transport: Transport) {
    super(transport, "/v1/tool-templates");
  }
}
