/** AgentPhone's customTools and our webhook tools. */
import { END_CALL_TOOL } from "@earshot/engine";
import { z } from "zod";
import type { AgentSettings } from "../../agents/agent.ts";
import type { AgentTool, WebhookTool } from "../../agents/agent-tool.ts";
import { storableText } from "../../storable-text.ts";

const MAX_TOOLS = 20;
const TRANSFER_TOOL = "transfer_call";
const RESERVED: readonly string[] = [END_CALL_TOOL, TRANSFER_TOOL];

const headersShape = z
  .record(
    z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, "must be names of header fields"),
    z
      .string()
      .max(4000)
      .regex(/^[\t\x20-\x7e\x80-\xff]*$/, "must have values without line breaks")
      .nullable(),
  )
  .refine((headers) => Object.keys(headers).length <= 20, "must have at most 20 entries");

const parametersShape = z
  .record(z.string(), z.unknown())
  .refine(({ type = "object" }) => type === "object", 'must be a JSON Schema with "type": "object"')
  .refine((schema) => JSON.stringify(schema).length <= 19_900, "must be at most 19,900 characters of JSON");

const customToolShape = z.looseObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, _ or -")
    .refine((name) => !RESERVED.includes(toToolName(name)), "must not be the name of a built-in tool"),
  description: storableText({ min: 1, max: 5000 }),
  url: z.url({ protocol: /^https$/, error: "must be an HTTPS URL" }).max(2000),
  method: z.enum(["GET", "POST"]).optional(),
  headers: headersShape.nullable().optional(),
  parameters: parametersShape.nullable().optional(),
  timeoutMs: z.number().int().min(1000).max(120_000).nullable().optional(),
  speakDuringExecution: z.boolean().nullable().optional(),
  executionMessage: storableText({ max: 1000 }).nullable().optional(),
});

export const customToolsShape = z
  .array(customToolShape)
  .max(MAX_TOOLS)
  .refine(
    (tools) => new Set(tools.map(({ name }) => toToolName(name))).size === tools.length,
    "must have different names",
  );

export type CustomTool = z.output<typeof customToolShape>;

/** The agent's own tools in the place of those that it had; built-in ones stay. */
export function withCustomTools(custom: readonly CustomTool[], settings: AgentSettings): AgentSettings {
  const others = settings.tools.filter(({ kind }) => kind !== "webhook");
  const tools = custom.map((tool) =>
    toWebhookTool(
      tool,
      settings.tools.find(({ name }) => name === toToolName(tool.name)),
    ),
  );
  return { ...settings, tools: [...others, ...tools] };
}

export function toCustomTools({ tools, toolUrl }: AgentSettings): CustomTool[] | null {
  const custom = tools.flatMap((tool) => (tool.kind === "webhook" ? [toCustomTool(tool, toolUrl)] : []));
  return custom.length === 0 ? null : custom;
}

/** The tool with which a hosted agent transfers calls, when it has somebody to transfer them to. */
export function withTransferTool(settings: AgentSettings): AgentSettings {
  const others = settings.tools.filter(({ kind }) => kind !== "transfer");
  const [existing] = settings.tools.filter(({ kind }) => kind === "transfer");
  if (settings.transfers.length === 0) return { ...settings, tools: others };
  if (existing !== undefined) return settings;
  const tool: AgentTool = {
    kind: "transfer",
    name: TRANSFER_TOOL,
    description: "Transfers the caller to a person.",
    phrases: [],
  };
  const isCustom = ({ kind }: AgentTool) => kind === "webhook";
  return { ...settings, tools: [...others.filter((other) => !isCustom(other)), tool, ...others.filter(isCustom)] };
}

/** Ours begin with a letter or _; theirs may begin with a digit or - too. */
function toToolName(name: string): string {
  return /^[A-Za-z_]/.test(name) ? name : `_${name}`.slice(0, 64);
}

function toWebhookTool(tool: CustomTool, before: AgentTool | undefined): WebhookTool {
  const { name, description, url, method, headers, parameters, timeoutMs, executionMessage } = tool;
  const isSpoken =
    tool.speakDuringExecution !== false && typeof executionMessage === "string" && executionMessage !== "";
  return {
    kind: "webhook",
    phrases: before?.kind === "webhook" ? before.phrases : [],
    isAsync: before?.kind === "webhook" ? before.isAsync : false,
    name: toToolName(name),
    description,
    url,
    method: method ?? "POST",
    headers: Object.fromEntries(
      Object.entries(headers ?? {}).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
    ),
    parameters: { properties: {}, ...parameters, type: "object" },
    timeoutMs: timeoutMs ?? 10_000,
    ...(isSpoken ? { executionMessage } : {}),
    ...(tool.speakDuringExecution === false ? { isSilent: true } : {}),
  };
}

function toCustomTool(tool: WebhookTool, toolUrl: string | undefined): CustomTool {
  const { name, description, url, method, headers, parameters, timeoutMs, executionMessage } = tool;
  return {
    name,
    description,
    url: url ?? toolUrl ?? "",
    method,
    headers: Object.keys(headers).length === 0 ? null : headers,
    parameters,
    timeoutMs,
    speakDuringExecution: executionMessage !== undefined,
    executionMessage: executionMessage ?? null,
  };
}
