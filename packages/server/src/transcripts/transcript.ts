import { z } from "zod";
import type { Resource, ResourceKind } from "../documents/resource.ts";
import { resourceShapes, sentShape } from "../documents/resource-shapes.ts";
import { metadataShape, storableText } from "../storable-text.ts";

const warning = z.strictObject({ code: z.literal("not_honoured"), field: z.string(), message: z.string() });

export const transcriptKind = {
  name: "transcript",
  idPrefix: "tr",
  title: "transcript",
  whole: ["metadata", "sent"],
  shape: z.strictObject({
    audioUrl: z
      .url({ protocol: /^https?$/, error: "must be an http or https URL" })
      .max(2000)
      .optional()
      .describe("A WAV file."),
    model: storableText({ min: 1, max: 200 }).optional(),
    language: storableText({ min: 1, max: 35 }).optional().describe("BCP 47; absent: as the model finds."),
    isDiarized: z.boolean().default(false).describe("Whether to tell speakers apart."),
    hasWordTimes: z.boolean().default(false),
    redact: z
      .array(z.enum(["pii", "phi"]))
      .max(2)
      .default([]),
    status: z.enum(["queued", "processing", "completed", "failed"]).default("queued"),
    text: z.string().optional(),
    utterances: z.array(z.strictObject({ speaker: z.string(), text: z.string() })).default([]),
    durationMs: z.number().optional().describe("Length of the audio."),
    modelMs: z.number().optional().describe("How long the model computed."),
    error: z.string().optional(),
    warnings: z.array(warning).default([]),
    metadata: metadataShape.default({}),
    sent: sentShape,
  }),
} as const satisfies ResourceKind;

export const transcriptShapes = resourceShapes(transcriptKind, {
  name: "Transcript",
  description: "What is said in a recording.",
  runtime: ["status", "text", "utterances", "durationMs", "modelMs", "error", "warnings"],
});

export type TranscriptSettings = z.output<typeof transcriptKind.shape>;
export type Transcript = Resource<TranscriptSettings>;
