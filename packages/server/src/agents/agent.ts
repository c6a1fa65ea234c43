import { z } from "zod";
import { toOutputShape } from "../output-shape.ts";
import { type PatchOf, toPatchShape } from "../patch-shape.ts";
import { metadataShape, storableText } from "../storable-text.ts";
import { workflowDefinitionShape } from "../workflows/workflow-definition.ts";
import { agentToolShape } from "./agent-tool.ts";
import {
  agentWebhookShape,
  analysisShape,
  callScreeningShape,
  greetingDelayShape,
  messagingShape,
  recordingConsentShape,
  recordingShape,
  transfersShape,
  voicemailShape,
} from "./call-settings.ts";
import { contextTokensShape, knowledgeSettingsShape } from "./knowledge-settings.ts";
import {
  ambientSoundShape,
  keytermsShape,
  pronunciationsShape,
  silenceShape,
  turnTakingShape,
  voiceShape,
} from "./speech-settings.ts";
import { speechToSpeechShape } from "./speech-to-speech.ts";
import { inputsShape, variablesShape } from "./variables.ts";

const spoken = storableText({ max: 1000 });
const modelName = storableText({ min: 1, max: 200 });

const greetingShape = z
  .discriminatedUnion("mode", [
    z.strictObject({ mode: z.literal("static"), text: storableText({ min: 1, max: 1000 }) }),
    z.strictObject({ mode: z.literal("dynamic") }),
    z.strictObject({ mode: z.literal("off") }),
  ])
  .meta({
    id: "Greeting",
    description: "`static`: a fixed text; `dynamic`: the language model greets; `off`: the caller speaks first.",
  });

/** An agent as it is created: every setting but the name has a default. */
export const newAgentShape = z
  .strictObject({
    name: storableText({ min: 1, max: 200 }).describe("Shown in lists; need not be unique."),
    description: storableText({ max: 2000 }).default(""),
    businessName: storableText({ max: 200 }).default("").describe("Whom the agent speaks for."),
    isActive: z.boolean().default(true).describe("An inactive agent takes no calls."),
    mode: z
      .enum(["pipeline", "webhook", "speech-to-speech"])
      .default("pipeline")
      .describe(
        "`pipeline`: our models decide what to say; `webhook`: your server does, turn by turn; " +
          "`speech-to-speech`: one realtime model hears and speaks.",
      ),
    modelTier: z
      .enum(["turbo", "balanced", "max"])
      .default("balanced")
      .describe("Which of the node's language models is taken when none is named: the fastest, or the best."),
    prompt: storableText({ max: 100_000 })
      .default("You are a friendly assistant on the phone. Keep your answers short.")
      .describe(
        'Who the agent is and what it should do. {{name}} stands for a variable of the call, {{name | "there"}} has a default.',
      ),
    textDirection: z.enum(["ltr", "rtl"]).default("ltr").describe("How the prompt is written; for editors."),
    notes: z
      .array(storableText({ min: 1, max: 4000 }))
      .max(500)
      .default([])
      .describe("Facts that the agent may answer from, one each."),
    greeting: greetingShape.default({ mode: "static", text: "Hello! How can I help you?" }),
    greetingDelayMs: greetingDelayShape,
    outboundGreeting: spoken.optional().describe("Said instead of the greeting when the agent places the call."),
    isOutbound: z
      .boolean()
      .optional()
      .describe(
        "Whether every call counts as one that the agent places, such as a web call that rehearses one. Default: by direction.",
      ),
    language: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$|^multi$/, "must be a BCP 47 tag such as en-US, or multi")
      .default("en-US")
      .describe("What the caller speaks, BCP 47; `multi`: any."),
    voice: voiceShape.describe("Without an id: the node's default voice."),
    models: z
      .strictObject({
        languageModel: modelName,
        fallbackLanguageModel: modelName.describe(
          "Answers where the language model fails; absent: another configured one; none: nobody does.",
        ),
        speechToText: modelName,
        textToSpeech: modelName,
      })
      .partial()
      .prefault({})
      .describe("Names of GET /v1/models; a model that isn't named is the node's default."),
    transcription: z
      .enum(["fast", "accurate"])
      .default("fast")
      .describe(
        "`accurate` hears short pauses as part of a sentence, for better words: answers come some 200 ms later.",
      ),
    temperature: z.number().min(0).max(2).optional(),
    maxOutputTokens: z.number().int().min(1).max(100_000).optional().describe("Longest reply of the model."),
    speechToSpeech: speechToSpeechShape,
    contextTurns: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .optional()
      .describe("How many turns before the current one the model sees, with a summary of the rest; absent: all."),
    contextTokens: contextTokensShape,
    keyterms: keytermsShape,
    pronunciations: pronunciationsShape,
    inputs: inputsShape,
    variables: variablesShape,
    tools: z.array(agentToolShape).max(64).default([]).refine(hasUniqueNames, "must have different names"),
    toolUrl: z
      .url({ protocol: /^https?$/, error: "must be an http or https URL" })
      .max(2000)
      .optional()
      .describe("Receives the calls of webhook tools that have no URL of their own."),
    knowledge: knowledgeSettingsShape,
    turnTaking: turnTakingShape,
    silence: silenceShape,
    maxDurationMs: z.number().int().min(1000).max(86_400_000).default(3_600_000).describe("Longest call, ms."),
    maxDurationGoodbye: spoken
      .default("I'm sorry, our time is up. Thank you for calling. Goodbye.")
      .describe("Said when the longest time is over."),
    maxDurationWarning: z
      .strictObject({
        beforeMs: z.number().int().min(1000).max(600_000).default(30_000).describe("How long before the end, ms."),
        text: storableText({ min: 1, max: 1000 }),
      })
      .meta({ id: "DurationWarning" })
      .optional()
      .describe("Said before the longest time is over; absent: no warning."),
    failureGoodbye: spoken
      .default("I'm sorry, something isn't working here. Please call again later. Goodbye.")
      .describe("Said when models failed again and again and the call is given up."),
    apology: spoken
      .default("I'm sorry, I didn't get that. Could you say it again?")
      .describe("Said when a model failed or words could not be made out."),
    endMessage: spoken.optional().describe("Said before the agent hangs up of its own accord."),
    ambientSound: ambientSoundShape,
    denoising: z.enum(["off", "light", "strong"]).default("off").describe("Noise removal in the recording."),
    transfers: transfersShape,
    voicemail: voicemailShape,
    callScreening: callScreeningShape,
    messaging: messagingShape,
    isRecorded: z.boolean().default(true),
    recording: recordingShape,
    recordingConsent: recordingConsentShape,
    isPrivate: z.boolean().default(false).describe("Neither recording nor transcript is kept after the analysis."),
    analysis: analysisShape,
    notificationEmails: z.array(z.email().max(254)).max(20).default([]).describe("Told when a call has ended."),
    webhook: agentWebhookShape,
    // A lazy shape is replaced as a whole by a patch, as a graph must be.
    flow: z
      .lazy(() => workflowDefinitionShape)
      .refine((flow) => JSON.stringify(flow).length <= 500_000, "must be at most 500,000 characters of JSON")
      .optional()
      .describe("Nodes and edges of a conversation; the prompt alone rules where there is none."),
    metadata: metadataShape.default({}),
  })
  .meta({ id: "NewAgent" });

/** A change of an agent: what is absent stays; inner objects are merged; lists are replaced; null resets. */
export const agentPatchShape = toPatchShape(newAgentShape).meta({ id: "AgentPatch" });

const warningShape = z
  .object({
    code: z.enum([
      "not_honoured",
      "unknown_voice",
      "unknown_model",
      "unreachable_node",
      "unknown_variable",
      "unknown_filter",
    ]),
    field: z.string().describe("The setting, such as `ambientSound.clip`."),
    message: z.string(),
  })
  .meta({ id: "AgentWarning", description: "A setting that is kept but doesn't have its effect here." });

const { webhook: _webhook, ...settings } = newAgentShape.shape;

export const agentShape = toOutputShape(
  z.object({
    id: z.string(),
    revision: z.number().int().describe("Counts the changes of the working version, from 1."),
    version: z.number().int().describe("The latest deployed version; 0: never deployed."),
    deployedAt: z.iso.datetime().optional().describe("When that version was deployed."),
    isDeployed: z.boolean().describe("Whether the latest deployed version is what is shown here."),
    ...settings,
    webhook: agentWebhookShape.unwrap().omit({ secret: true }).meta({ id: "AgentWebhookWithoutSecret" }).optional(),
    phoneNumbers: z
      .array(z.object({ id: z.string(), phoneNumber: z.string() }).meta({ id: "AgentPhoneNumber" }))
      .describe("Numbers that the agent answers."),
    warnings: z.array(warningShape),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  }),
).meta({ id: "Agent", description: "Who answers a call: prompt, voice, models, tools and rules." });

/** All settings of an agent, defaults filled in. */
export type AgentSettings = z.infer<typeof newAgentShape>;
export type NewAgent = AgentSettings;
export type AgentPatch = PatchOf<z.input<typeof newAgentShape>>;
export type AgentWarning = z.infer<typeof warningShape>;
/** The working version of an agent. */
export type Agent = AgentSettings & {
  readonly id: string;
  readonly revision: number;
  readonly version: number;
  readonly deployedAt?: string;
  readonly isDeployed: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
};

function hasUniqueNames(items: readonly { readonly name: string }[]): boolean {
  return new Set(items.map(({ name }) => name)).size === items.length;
}
