/** What an agent does around the conversation itself: on the phone, and afterwards. */
import { z } from "zod";
import { recordingFormatShape } from "../recordings/recording-format.ts";
import { storableText } from "../storable-text.ts";
import { DIALECT_NAMES } from "../webhooks/dialect-name.ts";

const spoken = storableText({ max: 2000 });

export const transfersShape = z
  .array(
    z
      .strictObject({
        destination: storableText({ min: 1, max: 200 }).describe("A number in E.164 or a SIP URI."),
        description: storableText({ max: 500 }).default("").describe("When to transfer there."),
        message: spoken.optional().describe("Said before the transfer."),
        mode: z
          .enum(["cold", "warm"])
          .optional()
          .describe("`warm`: whoever answers is told what it is about first. Default: `cold`."),
        briefing: spoken.optional().describe("What a warm transfer tells; absent: what the model writes."),
      })
      .meta({ id: "TransferDestination" }),
  )
  .max(20)
  .default([])
  .describe("Where the agent may transfer a call.");

export const voicemailShape = z
  .strictObject({
    isDetected: z
      .boolean()
      .default(false)
      .describe("Whether calls that the agent places listen for an answering machine."),
    message: spoken.optional().describe("Left after the beep, in calls that listen; absent: the agent hangs up."),
  })
  .prefault({});

/** An agent that places the call lets the other side speak first for this long where it listens for machines, ms. */
export const LISTEN_FIRST_MS = 2_000;

export const greetingDelayShape = z
  .number()
  .int()
  .min(0)
  .max(30_000)
  .optional()
  .describe(
    "How long the caller may speak first, ms. Default: 0, and 2,000 in calls that listen for an answering machine.",
  );

export const callScreeningShape = z
  .strictObject({
    identity: storableText({ max: 500 })
      .optional()
      .describe("Who is calling, told to call screeners; follows `This is`."),
    purpose: storableText({ max: 500 }).optional().describe("Why, told to call screeners; follows `calling about`."),
  })
  .prefault({});

export const recordingConsentShape = z
  .strictObject({
    isAsked: z.boolean().default(false).describe("Whether the other side hears of it before a recording begins."),
    isAgreementNeeded: z
      .boolean()
      .default(true)
      .describe("Recorded only once they say yes or press 1; false: as soon as the message was heard."),
    message: spoken.optional().describe("Said before anything else; absent: a sentence in the agent's language."),
  })
  .prefault({});

export const recordingShape = z
  .strictObject({
    format: recordingFormatShape.optional().describe("`wav` or `opus`; absent: the workspace's, or else the node's."),
    retentionDays: z
      .number()
      .int()
      .min(1)
      .max(36_500)
      .optional()
      .describe("Recordings older than this are deleted; absent: the workspace's, or else the node's."),
  })
  .prefault({});

export const messagingShape = z
  .strictObject({
    isEnabled: z
      .boolean()
      .default(false)
      .describe("Whether the agent answers text messages to its numbers, and may send some during calls."),
    maxAnswersPerHour: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(30)
      .describe("Of one conversation: two agents that write to each other come to an end."),
  })
  .prefault({});

const jsonSchema = z
  .record(z.string(), z.unknown())
  .refine((schema) => JSON.stringify(schema).length <= 50_000, "must be at most 50,000 characters of JSON");

export const analysisShape = z
  .strictObject({
    isEnabled: z.boolean().default(true),
    schema: jsonSchema.optional().describe("JSON Schema of what is extracted from the transcript."),
    messages: z
      .array(z.strictObject({ role: z.enum(["system", "user"]), content: storableText({ max: 20_000 }) }))
      .max(20)
      .default([])
      .describe("Prompts of the analysis; {{transcript}}, {{schema}} and {{ended_reason}} are filled in."),
    minMessages: z.number().int().min(0).max(1000).default(2).describe("Shorter conversations aren't analysed."),
  })
  .meta({ id: "AnalysisPlan" })
  .optional()
  .describe("What is extracted from each call after it ended.");

export const agentWebhookShape = z
  .strictObject({
    url: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).max(2000),
    secret: storableText({ min: 8, max: 500 }).optional().describe("Signs the deliveries. Never shown again."),
    events: z
      .array(storableText({ min: 1, max: 60 }))
      .max(50)
      .default(["*"])
      .describe('Types of events; "*": all.'),
    timeoutMs: z.number().int().min(1000).max(120_000).default(30_000).describe("How long an answer may take, ms."),
    dialect: z
      .enum(DIALECT_NAMES)
      .default("earshot")
      .describe("Whose envelope, event names and signature the deliveries have."),
    contextLimit: z.number().int().min(0).max(50).default(10).describe("Earlier messages sent along."),
  })
  .meta({ id: "AgentWebhook" })
  .optional()
  .describe("Hears of this agent's calls and messages; in webhook mode it also decides what the agent says.");
