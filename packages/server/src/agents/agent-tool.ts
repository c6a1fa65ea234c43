import { END_CALL_TOOL } from "@earshot/engine";
import { z } from "zod";
import { storableText } from "../storable-text.ts";

const phrases = z
  .array(storableText({ min: 1, max: 200 }))
  .max(50)
  .describe("What a caller says to have it called; used by the built-in language model only.");
const description = storableText({ max: 2000 }).describe("Tells the model what the tool does and when to call it.");

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
    name: z
      .string()
      .regex(/^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/, "must begin with a letter and have at most 64 letters, digits, _ or -")
      .refine((name) => name !== END_CALL_TOOL, `must not be ${END_CALL_TOOL}: that is the tool of kind "endCall"`),
    description,
    parameters: z
      .record(z.string(), z.unknown())
      .default({ type: "object", properties: {} })
      .refine((schema) => schema["type"] === "object", 'must be a JSON Schema with "type": "object"')
      .refine((schema) => JSON.stringify(schema).length <= 20_000, "must be at most 20,000 characters of JSON")
      .describe("JSON Schema of the arguments; an object."),
    phrases: phrases.default([]),
    url: z
      .url({ protocol: /^https?$/, error: "must be an http or https URL" })
      .max(2000)
      .describe("Receives a POST with the arguments as JSON."),
    timeoutMs: z.number().int().min(100).max(60_000).default(10_000).describe("How long an answer may take, in ms."),
  })
  .meta({ id: "WebhookTool", description: "Posts its arguments to a URL and gives the model the answer." });

export const agentToolShape = z.discriminatedUnion("kind", [endCallTool, webhookTool]);
export type AgentTool = z.infer<typeof agentToolShape>;
export type WebhookTool = z.infer<typeof webhookTool>;
