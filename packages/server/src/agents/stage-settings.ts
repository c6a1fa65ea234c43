/** What of an agent may differ at one stage of a call. */
import { z } from "zod";
import { toPatchShape } from "../patch-shape.ts";
import { storableText } from "../storable-text.ts";
import { agentToolShape } from "./agent-tool.ts";
import { keytermsShape, pronunciationsShape, voiceShape } from "./speech-settings.ts";
import { speechToSpeechShape } from "./speech-to-speech.ts";
import { variablesShape } from "./variables.ts";

const modelName = storableText({ min: 1, max: 200 });

export const stageSettingsShape = toPatchShape(
  z.strictObject({
    mode: z.enum(["pipeline", "webhook", "speech-to-speech"]).default("pipeline"),
    notes: z
      .array(storableText({ min: 1, max: 4000 }))
      .max(500)
      .default([])
      .describe("Instead of the agent's notes."),
    language: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$|^multi$/, "must be a BCP 47 tag such as en-US, or multi")
      .default("en-US"),
    voice: voiceShape,
    models: z
      .strictObject({ languageModel: modelName, speechToText: modelName, textToSpeech: modelName })
      .partial()
      .prefault({}),
    temperature: z.number().min(0).max(2).optional(),
    maxOutputTokens: z.number().int().min(1).max(100_000).optional(),
    contextTurns: z.number().int().min(1).max(1000).optional(),
    speechToSpeech: speechToSpeechShape,
    keyterms: keytermsShape,
    pronunciations: pronunciationsShape,
    variables: variablesShape,
    tools: z.array(agentToolShape).max(64).default([]).describe("Instead of the agent's tools."),
  }),
).meta({ id: "StageSettings", description: "Settings of the agent that differ at one stage of a call." });
