import { z } from "zod";
import type { Resource, ResourceKind } from "../documents/resource.ts";
import { resourceShapes, sentShape } from "../documents/resource-shapes.ts";
import { metadataShape, storableText } from "../storable-text.ts";

export const knowledgeBaseKind = {
  name: "knowledge_base",
  idPrefix: "kb",
  title: "knowledge base",
  whole: ["metadata", "sent"],
  shape: z.strictObject({
    name: storableText({ min: 1, max: 200 }),
    description: storableText({ max: 2000 }).default(""),
    language: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "must be a BCP 47 tag such as en-US")
      .default("en-US")
      .describe("Of its documents, BCP 47. English is searched by meaning as well as by words."),
    metadata: metadataShape.default({}),
    sent: sentShape,
  }),
} as const satisfies ResourceKind;

export const knowledgeBaseShapes = resourceShapes(knowledgeBaseKind, {
  name: "KnowledgeBase",
  description: "Documents that agents look things up in.",
});

export type KnowledgeBase = Resource<z.output<typeof knowledgeBaseKind.shape>>;
