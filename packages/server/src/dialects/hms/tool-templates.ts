/** /tool-templates: tools to give to agents. Older clients send the definition apart from the server that runs it. */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { AgentTool } from "../../agents/agent-tool.ts";
import { Resources } from "../../documents/resource.ts";
import { storableText } from "../../storable-text.ts";
import { type ToolTemplate, toolTemplateKind } from "../../tool-templates/tool-template.ts";
import { createToolTemplate, updateToolTemplate } from "../../tool-templates/write-tool-template.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { check, type JsonObject } from "./parse.ts";
import { addSimpleResource, keptBy } from "./simple-resource.ts";
import { toolShape } from "./tool-shapes.ts";
import { fromVendorTools, toVendorTools, withoutToolSecrets } from "./tools-codec.ts";

const { name, description } = toolTemplateKind.shape.shape;
const part = z.record(z.string(), z.unknown()).nullish();

const shape = z.looseObject({
  name,
  description: description.unwrap().nullish(),
  tool_type: z.enum(["function", "endCall", "transferCall"]).nullish(),
  tool_config: part,
  function_definition: part,
  server_url: storableText({ min: 1, max: 2000 }).nullish(),
  server_secret: storableText({ min: 1, max: 500 }).nullish(),
  async: z.boolean().nullish(),
});
type Sent = z.output<typeof shape>;

export function addToolTemplates(app: DialectApp, deps: DialectDeps): void {
  const toolTemplates = new Resources(deps, toolTemplateKind);
  const verbDeps = { ...deps, toolTemplates };
  addSimpleResource(app, {
    path: "tool-templates",
    one: ["tool_template"],
    many: ["tool_templates"],
    resources: toolTemplates,
    shape,
    known: [
      "name",
      "description",
      "tool_type",
      "tool_config",
      "function_definition",
      "server_url",
      "server_secret",
      "async",
    ],
    decode(sent) {
      const given = sent as Sent;
      return { name: given.name, description: given.description ?? "", tool: toTool(given) };
    },
    keep({ tool_config: config }) {
      const [kept] = withoutToolSecrets([config]) as [unknown];
      return kept === undefined || kept === null ? {} : { tool_config: kept };
    },
    encode(template) {
      const { name: title, description: about, tool } = template;
      const shown = toConfig(template);
      const base = { name: title, description: about };
      if (tool.kind !== "webhook")
        return { ...base, tool_type: tool.kind === "endCall" ? "endCall" : "transferCall", tool_config: shown };
      return {
        ...base,
        tool_type: "function",
        tool_config: shown,
        function_definition: { name: tool.name, description: tool.description, parameters: tool.parameters },
        server_url: tool.url ?? null,
        async: tool.isAsync,
      };
    },
    verbs: {
      create: (workspaceId, input) => createToolTemplate(verbDeps, workspaceId, input),
      update: (workspaceId, id, patch) => updateToolTemplate(verbDeps, workspaceId, { id, patch }),
    },
  });
}

function toTool(given: Sent): AgentTool | undefined {
  return fromVendorTools([check(toolShape, toVendorTool(given), "tool_config.")]).tools[0];
}

/** As it was sent while it still means what the tool is. */
function toConfig(template: ToolTemplate): JsonObject {
  const { name: title, description: about, tool } = template;
  const [shown] = toVendorTools({ tools: [tool], transfers: [] }) as [JsonObject];
  const kept = keptBy(template)["tool_config"] as JsonObject | undefined;
  if (kept === undefined) return shown;
  const type = TYPES[tool.kind];
  const more = tool.kind === "webhook" ? { server_url: tool.url, async: tool.isAsync } : {};
  const meant = toTool({
    name: title,
    description: about,
    ...(type ? { tool_type: type } : {}),
    ...more,
    tool_config: kept,
  });
  return isDeepStrictEqual(meant, tool) ? kept : shown;
}

const TYPES = {
  webhook: "function",
  endCall: "endCall",
  transfer: "transferCall",
  mcp: undefined,
  sendDigits: undefined,
  voicemail: undefined,
  sendMessage: undefined,
  pauseRecording: undefined,
  resumeRecording: undefined,
  handoff: undefined,
  knowledge: undefined,
} as const;

/** As it would stand in `llm_config.tools[]`. */
function toVendorTool(given: Sent): unknown {
  const config: JsonObject = given.tool_config ?? {};
  if (given.tool_type === "endCall" || given.tool_type === "transferCall") return { ...config, type: given.tool_type };
  const inner = config["function"];
  const definition: JsonObject = {
    ...config,
    ...(typeof inner === "object" ? inner : {}),
    ...given.function_definition,
  };
  const url = given.server_url ?? definition["url"] ?? undefined;
  const secret = given.server_secret ?? undefined;
  const { function: _, ...flat } = definition;
  return {
    ...flat,
    type: "function",
    name: definition["name"] ?? toToolName(given.name),
    description: definition["description"] ?? given.description ?? given.name,
    ...(url === undefined ? {} : { url }),
    ...(secret === undefined ? {} : { server: { ...(flat["server"] as object | undefined), secret } }),
    async: given.async ?? definition["async"] ?? false,
  };
}

function toToolName(title: string): string {
  const plain = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return /^[a-z]/.test(plain) ? plain.slice(0, 64) : `tool_${plain}`.slice(0, 64);
}
