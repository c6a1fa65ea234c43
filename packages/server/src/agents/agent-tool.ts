import { END_CALL_TOOL } from "@earshot/engine";
import { z } from "zod";
import { storableText } from "../storable-text.ts";
import { DIALECT_NAMES } from "../webhooks/dialect-name.ts";

const phrases = z
  .array(storableText({ min: 1, max: 200 }))
  .max(50)
  .describe("What a caller says to have it called; used by the built-in language model only.");
const description = storableText({ max: 5000 }).describe("Tells the model what the tool does and when to call it.");
const name = z
  .string()
  .regex(/^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/, "must begin with a letter and have at most 64 letters, digits, _ or -")
  .refine((value) => value !== END_CALL_TOOL, `must not be ${END_CALL_TOOL}: that is the tool of kind "endCall"`);
const parameters = z
  .record(z.string(), z.unknown())
  .default({ type: "object", properties: {} })
  .refine((schema) => schema["type"] === "object", 'must be a JSON Schema with "type": "object"')
  .refine((schema) => JSON.stringify(schema).length <= 20_000, "must be at most 20,000 characters of JSON")
  .describe("JSON Schema of the arguments; an object.");
const headers = z
  .record(
    z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, "must have names of RFC 9110 tokens"),
    z
      .string()
      .max(4000)
      .regex(/^[\t\x20-\x7e\x80-\xff]*$/, "must have values without line breaks"),
  )
  .refine((all) => Object.keys(all).length <= 20, "must have at most 20 entries");

const endCallTool = z
  .strictObject({
    kind: z.literal("endCall"),
    name: z.literal(END_CALL_TOOL).default(END_CALL_TOOL),
    description: description.default("Ends the call after saying goodbye."),
    phrases: phrases.default([]),
  })
  .meta({ id: "EndCallTool", description: "Hangs up once the agent's goodbye was heard." });

const webhookTool = z
  .strictObject({
    kind: z.literal("webhook"),
    name,
    description,
    parameters,
    phrases: phrases.default([]),
    url: z
      .url({ protocol: /^https?$/, error: "must be an http or https URL" })
      .max(2000)
      .optional()
      .describe("Receives the arguments as JSON; absent: the agent's `toolUrl`, or else its webhook."),
    method: z.enum(["POST", "GET"]).default("POST").describe("GET sends the arguments in the query."),
    headers: headers.default({}),
    secret: storableText({ min: 1, max: 500 }).optional().describe("Signs the requests. Never shown again."),
    timeoutMs: z.number().int().min(100).max(120_000).default(10_000).describe("How long an answer may take, in ms."),
    isAsync: z.boolean().default(false).describe("The model goes on at once; the answer isn't waited for."),
    executionMessage: storableText({ max: 1000 }).optional().describe("Said while the tool runs."),
    dialect: z.enum(DIALECT_NAMES).optional().describe("Whose format and signature the requests have; absent: ours."),
  })
  .meta({ id: "WebhookTool", description: "Posts its arguments to a URL and gives the model the answer." });

const transferTool = z
  .strictObject({
    kind: z.literal("transfer"),
    name: name.default("transfer_call"),
    description: description.default("Transfers the caller to somebody else."),
    phrases: phrases.default([]),
  })
  .meta({ id: "TransferTool", description: "Transfers the call to one of the agent's `transfers`." });

const mcpTool = z
  .strictObject({
    kind: z.literal("mcp"),
    name,
    mcpServerId: storableText({ min: 1, max: 64 }).describe("An `id` of GET /v1/mcp-servers."),
    allowedTools: z
      .array(storableText({ min: 1, max: 128 }))
      .max(25)
      .optional()
      .describe("Which of its tools; absent: all."),
    isRequired: z.boolean().default(true).describe("Whether a call may go on when the server can't be reached."),
  })
  .meta({ id: "McpTool", description: "The tools of an MCP server." });

export const agentToolShape = z.discriminatedUnion("kind", [endCallTool, webhookTool, transferTool, mcpTool]);
export type AgentTool = z.infer<typeof agentToolShape>;
export type WebhookTool = z.infer<typeof webhookTool>;
