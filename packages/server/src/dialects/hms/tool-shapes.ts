/** Tools of `llm_config.tools[]`, in all the spellings that clients use. Fields that we don't know are kept. */
import { z } from "zod";
import { agentToolShape } from "../../agents/agent-tool.ts";
import { storableText } from "../../storable-text.ts";

const toolName = z
  .string()
  .regex(/^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/, "must begin with a letter and have at most 64 letters, digits, _ or -")
  .refine((name) => name !== "end_call", 'is taken: use {"type":"end_call"}');
const description = storableText({ max: 5000 });
const parameters = z
  .record(z.string(), z.unknown())
  .refine((schema) => (schema["type"] ?? "object") === "object", 'must be a JSON Schema of "type": "object"')
  .refine((schema) => JSON.stringify(schema).length <= 20_000, "must be at most 20,000 characters of JSON");
const url = z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).max(2000);
const secret = storableText({ min: 1, max: 500 });
const spoken = storableText({ max: 1000 });

const request = {
  url: url.nullish(),
  server: z.looseObject({ url: url.nullish(), secret: secret.nullish() }).nullish(),
  async: z.boolean().nullish(),
  message: spoken.nullish(),
  async_response: spoken.nullish(),
};

export const flatToolShape = z.looseObject({
  type: z.undefined().or(z.null()).optional(),
  name: toolName,
  description,
  parameters: parameters.nullish(),
  ...request,
});

export const nestedToolShape = z.looseObject({
  type: z.literal("function"),
  function: z.looseObject({
    name: toolName,
    description: description.nullish(),
    parameters: parameters.nullish(),
  }),
  ...request,
});

/** `type` beside a flat body, which some of its clients send. */
export const typedFlatToolShape = flatToolShape.extend({ type: z.literal("function") });

export const endCallToolShape = z.looseObject({
  type: z.enum(["end_call", "endCall"]),
  description: description.nullish(),
});

export const transferToolShape = z.looseObject({
  type: z.enum(["transfer_call", "transferCall"]),
  description: description.nullish(),
  destinations: z
    .array(
      z.looseObject({
        type: z.enum(["number", "sip"]).default("number"),
        number: storableText({ min: 1, max: 200 }).optional(),
        sip_uri: storableText({ min: 1, max: 200 }).optional(),
        description: storableText({ max: 500 }).nullish(),
        message: storableText({ max: 2000 }).nullish(),
      }),
    )
    .max(20)
    .default([])
    .refine((all) => all.every(({ number, sip_uri: uri }) => number !== undefined || uri !== undefined), {
      message: "must each have a number",
    }),
});

export const mcpToolShape = z.looseObject({
  type: z.literal("mcp"),
  mcp_server_id: storableText({ min: 1, max: 64 }),
  allowed_tools: z
    .array(storableText({ min: 1, max: 128 }))
    .max(25)
    .nullish(),
  required: z.boolean().nullish(),
});

/** Of ours, where HMS has no words: written as ours, with `type` for `kind`. */
export const OWN_KINDS = ["sendDigits", "voicemail", "sendMessage", "handoff", "knowledge"] as const;

const ownToolShape = z.looseObject({ type: z.enum(OWN_KINDS) }).superRefine(({ type: kind, ...rest }, context) => {
  const parsed = agentToolShape.safeParse({ ...rest, kind });
  for (const { message, path } of parsed.error?.issues ?? [])
    context.addIssue({ code: "custom", message, path: [...path] });
});

/** Told apart by `type` first, so that an error is about the tool that was meant. */
export const toolShape = z.unknown().transform((value, context) => {
  const parsed = shapeOf(value).safeParse(value);
  if (parsed.success) return parsed.data as VendorTool;
  for (const { message, path } of parsed.error.issues) context.addIssue({ code: "custom", message, path: [...path] });
  return z.NEVER;
});

function shapeOf(value: unknown): z.ZodType {
  if (typeof value !== "object" || value === null) return z.object({}, "must be an object");
  const type: unknown = (value as Record<string, unknown>)["type"];
  switch (type) {
    case undefined:
    case null:
      return flatToolShape;
    case "function":
      return "function" in value ? nestedToolShape : typedFlatToolShape;
    case "end_call":
    case "endCall":
      return endCallToolShape;
    case "transfer_call":
    case "transferCall":
      return transferToolShape;
    case "mcp":
      return mcpToolShape;
    case "sendDigits":
    case "voicemail":
    case "sendMessage":
    case "handoff":
    case "knowledge":
      return ownToolShape;
    default:
      return z.looseObject({
        type: z.enum(["function", "end_call", "endCall", "transfer_call", "transferCall", "mcp", ...OWN_KINDS]),
      });
  }
}

export type FlatTool = z.output<typeof flatToolShape> | z.output<typeof typedFlatToolShape>;
export type NestedTool = z.output<typeof nestedToolShape>;
export type EndCallTool = z.output<typeof endCallToolShape>;
export type TransferTool = z.output<typeof transferToolShape>;
export type McpTool = z.output<typeof mcpToolShape>;
export type OwnTool = z.output<typeof ownToolShape>;
export type VendorTool = OwnTool | FlatTool | NestedTool | EndCallTool | TransferTool | McpTool;
