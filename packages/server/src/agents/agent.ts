import { z } from "zod";
import { toOutputShape } from "../output-shape.ts";
import { metadataShape, storableText } from "../storable-text.ts";
import { agentToolShape } from "./agent-tool.ts";

const milliseconds = (min: number, max: number) => z.number().int().min(min).max(max);
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

const variableShape = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, "must be snake_case, at most 64 characters"),
    type: z.enum(["string", "number", "boolean", "date", "time", "email", "phone"]),
    description: storableText({ max: 500 }).optional(),
    isRequired: z.boolean().optional(),
  })
  .meta({ id: "VariableDefinition", description: "Something the agent should learn from the caller." });

const voiceFields = {
  id: storableText({ min: 1, max: 200 }).describe("An `id` of GET /v1/voices."),
  speed: z.number().min(0.5).max(2).describe("1 is the voice's own pace."),
};
const modelFields = {
  languageModel: modelName,
  speechToText: modelName,
  textToSpeech: modelName,
};
const bargeInFields = {
  isEnabled: z.boolean().describe("When false the agent finishes what it says and answers then."),
  minSpeechMs: milliseconds(0, 5000).describe("Speech over the agent that counts as an interruption, ms."),
};
const turnTakingFields = {
  endOfTurnMinMs: milliseconds(0, 10_000).describe("Silence after a finished sentence before the answer, ms."),
  endOfTurnMaxMs: milliseconds(0, 30_000).describe("Silence after words that sound unfinished, ms."),
};
const silenceFields = {
  remindAfterMs: milliseconds(1000, 600_000).describe("Both quiet for this long: a reminder, ms."),
  maxReminders: z.number().int().min(0).max(10).describe("Reminders before the goodbye."),
  reminder: spoken,
  goodbye: spoken,
};

const fields = {
  name: storableText({ min: 1, max: 120 }).describe("Shown in lists; need not be unique."),
  prompt: storableText({ max: 50_000 }).describe("Who the agent is and what it should do."),
  notes: z
    .array(storableText({ min: 1, max: 4000 }))
    .max(500)
    .describe("Facts that the agent may answer from, one each."),
  greeting: greetingShape,
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "must be a BCP 47 tag such as en-US")
    .describe("What the caller speaks, BCP 47."),
  temperature: z.number().min(0).max(2),
  keyterms: z
    .array(storableText({ min: 1, max: 100 }))
    .max(200)
    .describe("Words worth recognising, most important first."),
  variables: z.array(variableShape).max(50).refine(hasUniqueNames, "must have different names"),
  tools: z.array(agentToolShape).max(32).refine(hasUniqueNames, "must have different names"),
  maxDurationMs: milliseconds(1000, 86_400_000).describe("Longest call, ms."),
  maxDurationGoodbye: spoken.describe("Said when the longest time is over."),
  apology: spoken.describe("Said when a model failed or words could not be made out."),
  denoising: z.enum(["off", "light", "strong"]).describe("Noise removal in the recording."),
  isRecorded: z.boolean(),
  metadata: metadataShape,
};

/** An agent as it is created: every setting but the name has a default. */
export const newAgentShape = z
  .strictObject({
    name: fields.name,
    prompt: fields.prompt.default("You are a friendly assistant on the phone. Keep your answers short."),
    notes: fields.notes.default([]),
    greeting: fields.greeting.default({ mode: "static", text: "Hello! How can I help you?" }),
    language: fields.language.default("en-US"),
    voice: z
      .strictObject({ id: voiceFields.id.optional(), speed: voiceFields.speed.default(1) })
      .prefault({})
      .describe("Without an id: the node's default voice."),
    models: z
      .strictObject(modelFields)
      .partial()
      .prefault({})
      .describe("Names of GET /v1/models; a model that isn't named is the node's default."),
    temperature: fields.temperature.optional(),
    keyterms: fields.keyterms.default([]),
    variables: fields.variables.default([]),
    tools: fields.tools.default([]),
    turnTaking: z
      .strictObject({
        endOfTurnMinMs: turnTakingFields.endOfTurnMinMs.default(500),
        endOfTurnMaxMs: turnTakingFields.endOfTurnMaxMs.default(1600),
        bargeIn: z
          .strictObject({
            isEnabled: bargeInFields.isEnabled.default(true),
            minSpeechMs: bargeInFields.minSpeechMs.default(300),
          })
          .prefault({}),
      })
      .prefault({})
      .refine(({ endOfTurnMinMs: min, endOfTurnMaxMs: max }) => min <= max, {
        message: "must not be less than endOfTurnMinMs",
        path: ["endOfTurnMaxMs"],
      }),
    silence: z
      .strictObject({
        remindAfterMs: silenceFields.remindAfterMs.default(10_000),
        maxReminders: silenceFields.maxReminders.default(2),
        reminder: silenceFields.reminder.default("Are you still there?"),
        goodbye: silenceFields.goodbye.default("I can't hear you, so I'll hang up now. Goodbye."),
      })
      .prefault({}),
    maxDurationMs: fields.maxDurationMs.default(3_600_000),
    maxDurationGoodbye: fields.maxDurationGoodbye.default("I'm sorry, our time is up. Thank you for calling. Goodbye."),
    apology: fields.apology.default("I'm sorry, I didn't get that. Could you say it again?"),
    denoising: fields.denoising.default("off"),
    isRecorded: fields.isRecorded.default(true),
    metadata: fields.metadata.default({}),
  })
  .meta({ id: "NewAgent" });

/** A change of an agent: what is absent stays; inner objects are merged; lists are replaced; null resets. */
export const agentPatchShape = z
  .strictObject({
    ...fields,
    temperature: fields.temperature.nullable(),
    voice: z.strictObject({ id: voiceFields.id.nullable(), speed: voiceFields.speed }).partial(),
    models: z
      .strictObject({
        languageModel: modelName.nullable(),
        speechToText: modelName.nullable(),
        textToSpeech: modelName.nullable(),
      })
      .partial(),
    turnTaking: z.strictObject({ ...turnTakingFields, bargeIn: z.strictObject(bargeInFields).partial() }).partial(),
    silence: z.strictObject(silenceFields).partial(),
  })
  .partial()
  .meta({ id: "AgentPatch" });

export const agentShape = toOutputShape(
  z.object({
    id: z.string(),
    version: z.number().int().describe("Counts the changes, from 1."),
    ...newAgentShape.shape,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  }),
).meta({ id: "Agent", description: "Who answers a call: prompt, voice, models, tools and rules." });

export type NewAgent = z.infer<typeof newAgentShape>;
export type AgentPatch = z.infer<typeof agentPatchShape>;
export type Agent = z.output<typeof agentShape>;

function hasUniqueNames(items: readonly { readonly name: string }[]): boolean {
  return new Set(items.map(({ name }) => name)).size === items.length;
}
