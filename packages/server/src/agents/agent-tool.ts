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

const executionMessage = storableText({ max: 1000 })
  .optional()
  .describe("Said when the caller has waited for 600 ms; absent: a short phrase in the agent's language.");
const isSilent = z.boolean().optional().describe("Nothing is said while the caller waits.");

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
    isAsync: z
      .boolean()
      .default(false)
      .describe("The agent goes on at once, and tells the answer when it comes; it may come after the call, too."),
    isIdempotent: z
      .boolean()
      .optional()
      .describe("Whether asking twice does no harm: a request whose answer is lost is then sent again."),
    executionMessage,
    isSilent,
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

const sendDigitsTool = z
  .strictObject({
    kind: z.literal("sendDigits"),
    name: name.default("send_digits"),
    description: description.default("Presses keys, as on a phone menu. Give them in `digits`: 0-9, * and #."),
    phrases: phrases.default([]),
  })
  .meta({ id: "SendDigitsTool", description: "Sends key tones to the other side." });

const voicemailTool = z
  .strictObject({
    kind: z.literal("voicemail"),
    name: name.default("leave_voicemail"),
    description: description.default(
      "Leaves the voicemail message and hangs up. Call it once an answering machine waits for a message.",
    ),
    phrases: phrases.default([]),
  })
  .meta({ id: "VoicemailTool", description: "Says the agent's `voicemail.message` and hangs up." });

const sendMessageTool = z
  .strictObject({
    kind: z.literal("sendMessage"),
    name: name.default("send_message"),
    description: description.default("Sends the caller a text message. Put it into `body`."),
    phrases: phrases.default([]),
  })
  .meta({ id: "SendMessageTool", description: "Sends a text message from the agent's number." });

const pauseRecordingTool = z
  .strictObject({
    kind: z.literal("pauseRecording"),
    name: name.default("pause_recording"),
    description: description.default(
      "Stops recording. Call it before the caller says what must not be kept, such as a card number.",
    ),
    phrases: phrases.default([]),
  })
  .meta({ id: "PauseRecordingTool", description: "What is said from then on is silence in the recording." });

const resumeRecordingTool = z
  .strictObject({
    kind: z.literal("resumeRecording"),
    name: name.default("resume_recording"),
    description: description.default("Records again. Call it as soon as the caller has said what must not be kept."),
    phrases: phrases.default([]),
  })
  .meta({ id: "ResumeRecordingTool", description: "Ends what `pauseRecording` began." });

const handoffTool = z
  .strictObject({
    kind: z.literal("handoff"),
    name,
    description,
    phrases: phrases.default([]),
    agentId: storableText({ min: 1, max: 64 }).describe("Who takes over: its prompt, voice, model and tools."),
  })
  .meta({ id: "HandoffTool", description: "Hands the caller to another agent within the same call." });

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

const knowledgeTool = z
  .strictObject({
    kind: z.literal("knowledge"),
    name: name.default("look_up"),
    description: description.default(
      "Looks up what the business has written down. Call it with the caller's question whenever you don't know the " +
        "answer for certain, and answer from what it finds.",
    ),
    phrases: phrases.default([]),
    executionMessage,
    isSilent,
  })
  .meta({ id: "KnowledgeTool", description: "Searches the agent's knowledge bases." });

export const agentToolShape = z.discriminatedUnion("kind", [
  endCallTool,
  webhookTool,
  transferTool,
  mcpTool,
  sendDigitsTool,
  voicemailTool,
  sendMessageTool,
  pauseRecordingTool,
  resumeRecordingTool,
  handoffTool,
  knowledgeTool,
]);
export type AgentTool = z.infer<typeof agentToolShape>;
export type WebhookTool = z.infer<typeof webhookTool>;
export type ToolOfKind<Kind extends AgentTool["kind"]> = AgentTool & { readonly kind: Kind };
