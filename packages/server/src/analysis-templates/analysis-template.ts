import { z } from "zod";
import { boundedObject } from "../bounded-json.ts";
import type { ResourceKind } from "../documents/resource.ts";
import { resourceShapes, sentShape } from "../documents/resource-shapes.ts";
import { metadataShape, storableText } from "../storable-text.ts";

const PLACEHOLDERS = "{transcript}, {summary}, {duration} and {caller_number} are filled in.";

export const analysisTemplateKind = {
  name: "analysis_template",
  idPrefix: "atpl",
  title: "analysis template",
  whole: ["schema", "metadata", "sent"],
  shape: z.strictObject({
    name: storableText({ min: 1, max: 200 }),
    description: storableText({ max: 2000 }).default(""),
    systemPrompt: storableText({ max: 20_000 }).default("").describe(PLACEHOLDERS),
    userPrompt: storableText({ max: 20_000 }).default("").describe(PLACEHOLDERS),
    schema: boundedObject(50_000).optional().describe("JSON Schema of what is extracted."),
    minMessages: z.number().int().min(0).max(1000).default(2).describe("Shorter conversations aren't analysed."),
    isDefault: z.boolean().default(false).describe("For agents without an analysis of their own."),
    metadata: metadataShape.default({}),
    sent: sentShape,
  }),
} as const satisfies ResourceKind;

export const analysisTemplateShapes = resourceShapes(analysisTemplateKind, {
  name: "AnalysisTemplate",
  description: "Prompts for what is drawn from calls after they ended.",
});
