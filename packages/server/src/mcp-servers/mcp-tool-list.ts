/** What a server says of its tools, as far as it can be believed. */
import { z } from "zod";

/** Of one server; more would crowd out the conversation. */
export const MAX_TOOLS = 100;
const MAX_SCHEMA_CHARS = 20_000;
const MAX_DESCRIPTION_CHARS = 5_000;

/** One page: tools are looked at one by one, so that a bad one doesn't take the others along. */
export const toolPageShape = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });

const toolShape = z.object({
  name: z.string().min(1).max(128),
  description: z.string().nullish(),
  inputSchema: z.looseObject({ type: z.literal("object") }),
  annotations: z.object({ readOnlyHint: z.boolean().optional(), idempotentHint: z.boolean().optional() }).nullish(),
});

export type McpToolInfo = {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The server says that asking twice does no harm. */
  readonly isIdempotent: boolean;
};

/** Undefined when it can't be offered to a model. */
export function parseMcpTool(given: unknown): McpToolInfo | undefined {
  const parsed = toolShape.safeParse(given);
  if (!parsed.success) return undefined;
  const { name, description, inputSchema, annotations } = parsed.data;
  if (JSON.stringify(inputSchema).length > MAX_SCHEMA_CHARS) return undefined;
  return {
    name,
    description: (description ?? "").slice(0, MAX_DESCRIPTION_CHARS),
    parameters: inputSchema,
    isIdempotent: annotations?.readOnlyHint === true || annotations?.idempotentHint === true,
  };
}
