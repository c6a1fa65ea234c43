/** Tools as OpenAI's chat completions write them, and as ours. */
import { END_CALL_TOOL } from "@earshot/engine";
import { z } from "zod";
import { type AgentTool, agentToolShape } from "../../../agents/agent-tool.ts";
import { storableText } from "../../../storable-text.ts";

const parametersShape = z
  .record(z.string(), z.unknown())
  .refine(({ type }) => type === undefined || type === "object", 'must be a JSON Schema with "type": "object"')
  .refine((schema) => JSON.stringify(schema).length <= 19_000, "must be at most 19,000 characters of JSON");

export const toolShape = z.looseObject({
  type: z.literal("function"),
  function: z.looseObject({
    name: z
      .string()
      .regex(/^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/, "must begin with a letter and have at most 64 letters, digits, _ or -"),
    description: storableText({ max: 5000 }).nullish(),
    parameters: parametersShape.nullish(),
  }),
});

export const toolsShape = z
  .array(toolShape)
  .max(64)
  .refine(
    (tools) => new Set(tools.map((tool) => tool.function.name)).size === tools.length,
    "must have different names",
  );

export type WordcabTool = z.infer<typeof toolShape>;

export function toWordcabTool(tool: AgentTool): WordcabTool {
  const { name } = tool;
  if (tool.kind === "mcp") return { type: "function", function: { name } };
  const parameters = tool.kind === "webhook" ? tool.parameters : { type: "object", properties: {} };
  return { type: "function", function: { name, description: tool.description, parameters } };
}

/**
 * A tool of ours with what Wordcab says of it. One that exists keeps what Wordcab has no words for: its URL, its time
 * limit, what kind of tool it is.
 */
export function fromWordcabTool({ function: given }: WordcabTool, existing: readonly AgentTool[]): AgentTool {
  const { name, description, parameters } = given;
  const before = existing.find((tool) => tool.name === name);
  if (before?.kind === "mcp") return before;
  if (before !== undefined && before.kind !== "webhook") return { ...before, ...(description ? { description } : {}) };
  if (before === undefined && name === END_CALL_TOOL)
    return agentToolShape.parse({ kind: "endCall", ...(description ? { description } : {}) });
  return agentToolShape.parse({
    ...(before ?? { dialect: "wordcab" }),
    kind: "webhook",
    name,
    description: description ?? "",
    parameters: toParameters(parameters ?? {}),
  });
}

/** OpenAI lets a schema without properties say nothing at all. */
function toParameters(schema: Readonly<Record<string, unknown>>) {
  return "type" in schema ? schema : { type: "object", properties: {}, ...schema };
}
