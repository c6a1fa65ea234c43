import { z } from "zod";
import { agentToolShape } from "../agents/agent-tool.ts";
import type { Resource, ResourceKind } from "../documents/resource.ts";
import { resourceShapes, sentShape } from "../documents/resource-shapes.ts";
import { metadataShape, storableText } from "../storable-text.ts";

export const toolTemplateKind = {
  name: "tool_template",
  idPrefix: "ttpl",
  title: "tool template",
  whole: ["tool", "metadata", "sent"],
  shape: z.strictObject({
    name: storableText({ min: 1, max: 200 }),
    description: storableText({ max: 2000 }).default(""),
    tool: agentToolShape.describe("As an agent has it; replaced as a whole. A secret is never shown again."),
    /** The secret of a webhook tool. */
    sealedSecret: z.string().optional(),
    metadata: metadataShape.default({}),
    sent: sentShape,
  }),
} as const satisfies ResourceKind;

export const toolTemplateShapes = resourceShapes(toolTemplateKind, {
  name: "ToolTemplate",
  description: "A tool that agents can be given.",
  hidden: ["sealedSecret"],
  output: { hasSecret: z.boolean().describe("Whether the tool's requests are signed.") },
});

export type ToolTemplateSettings = z.output<typeof toolTemplateKind.shape>;
export type ToolTemplate = Resource<ToolTemplateSettings>;
