import { z } from "zod";
import type { Resource, ResourceKind } from "../documents/resource.ts";
import { resourceShapes, sentShape } from "../documents/resource-shapes.ts";
import { metadataShape, storableText } from "../storable-text.ts";
import { workflowDefinitionShape } from "./workflow-definition.ts";

export const workflowKind = {
  name: "workflow",
  idPrefix: "wfl",
  title: "workflow",
  whole: ["definition", "metadata", "sent"],
  shape: z.strictObject({
    name: storableText({ min: 1, max: 200 }),
    description: storableText({ max: 2000 }).default(""),
    definition: workflowDefinitionShape,
    metadata: metadataShape.default({}),
    sent: sentShape,
  }),
} as const satisfies ResourceKind;

export const workflowShapes = resourceShapes(workflowKind, {
  name: "Workflow",
  description: "A conversation as a graph, which phone numbers can run.",
});

export type Workflow = Resource<z.output<typeof workflowKind.shape>>;
