import { z } from "zod";

export const voiceShape = z
  .object({
    id: z.string().describe('"<model>:<voice>", e.g. "flite:slt".'),
    name: z.string(),
    language: z.string().describe("BCP 47."),
    gender: z.enum(["female", "male", "neutral"]).optional(),
    description: z.string().optional(),
    isDefault: z.boolean(),
  })
  .meta({ id: "Voice" });

export type ListedVoice = z.infer<typeof voiceShape>;
