/** What an agent knows of the call and of the world beside its prompt. */
import { z } from "zod";
import { storableText } from "../storable-text.ts";

const MAX_BASES = 10;

export const contextTokensShape = z
  .number()
  .int()
  .min(50)
  .max(1_000_000)
  .optional()
  .describe(
    "How much of the conversation the model sees, in tokens of about four characters, with a summary of the rest; " +
      "absent: all.",
  );

export const knowledgeSettingsShape = z
  .strictObject({
    baseIds: z
      .array(storableText({ min: 1, max: 64 }))
      .max(MAX_BASES)
      .default([])
      .describe("An `id` of GET /v1/knowledge-bases each. With any the agent has the tool `look_up`."),
  })
  .prefault({})
  .meta({ id: "KnowledgeSettings", description: "Where the agent looks things up." });
