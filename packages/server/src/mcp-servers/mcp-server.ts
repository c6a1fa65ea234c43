import { z } from "zod";
import type { Resource, ResourceKind } from "../documents/resource.ts";
import { resourceShapes, sentShape } from "../documents/resource-shapes.ts";
import { metadataShape, storableText } from "../storable-text.ts";

const MAX_HEADERS = 10;

export const mcpHeadersShape = z
  .record(
    z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, "must have names of RFC 9110 tokens"),
    z
      .string()
      .max(4000)
      .regex(/^[\t\x20-\x7e\x80-\xff]*$/, "must have values without line breaks"),
  )
  .refine((all) => Object.keys(all).length <= MAX_HEADERS, `must have at most ${MAX_HEADERS} entries`)
  .default({})
  .describe("Sent with every request, such as Authorization. Their values are never shown again.");

export const mcpServerKind = {
  name: "mcp_server",
  idPrefix: "mcp",
  title: "MCP server",
  whole: ["sealedHeaders", "metadata", "sent"],
  shape: z.strictObject({
    name: storableText({ min: 1, max: 200 }),
    url: z.url({ protocol: /^https$/, error: "must be an https URL" }).max(2000),
    transport: z.enum(["streamable_http", "sse"]).default("streamable_http"),
    timeoutMs: z.number().int().min(5000).max(60_000).default(20_000).describe("How long an answer may take, ms."),
    /** Values by header. */
    sealedHeaders: z.record(z.string(), z.string()).default({}),
    metadata: metadataShape.default({}),
    sent: sentShape,
  }),
} as const satisfies ResourceKind;

export const mcpServerShapes = resourceShapes(mcpServerKind, {
  name: "McpServer",
  description: "A server of the Model Context Protocol, whose tools agents can use.",
  hidden: ["sealedHeaders"],
  input: { headers: mcpHeadersShape },
  output: { headerNames: z.array(z.string()) },
});

export type McpServerSettings = z.output<typeof mcpServerKind.shape>;
export type McpServer = Resource<McpServerSettings>;
