import { z } from "zod";

export const modelShape = z
  .object({
    name: z.string().describe('E.g. "builtin/receptionist".'),
    kind: z.enum([
      "language-model",
      "speech-to-speech",
      "speech-to-text",
      "text-to-speech",
      "voice-activity",
      "turn-detector",
      "denoiser",
      "embedder",
    ]),
    isDefault: z.boolean().describe("Used by agents that name none."),
    reason: z.string().describe("Why it is there, or why it is the default."),
  })
  .meta({ id: "Model" });

export type ListedModel = z.infer<typeof modelShape>;
