import { z } from "zod";
import { storableText } from "../storable-text.ts";

/** Settings of a realtime model that hears and speaks by itself. */
export const speechToSpeechShape = z
  .strictObject({
    provider: storableText({ min: 1, max: 60 }).optional(),
    model: storableText({ min: 1, max: 200 }).optional(),
    voice: storableText({ min: 1, max: 200 }).optional(),
    turnDetection: z
      .strictObject({
        threshold: z.number().min(0).max(1).default(0.5),
        prefixPaddingMs: z.number().int().min(0).max(10_000).default(300),
        silenceMs: z.number().int().min(0).max(30_000).default(200),
        idleTimeoutMs: z.number().int().min(0).max(3_600_000).optional(),
      })
      .optional(),
  })
  .meta({ id: "SpeechToSpeech" })
  .optional()
  .describe("The realtime model of the mode `speech-to-speech`.");
