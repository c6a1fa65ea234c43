import { z } from "zod";
import { boundedObject } from "../bounded-json.ts";
import type { Resource, ResourceKind } from "../documents/resource.ts";
import { resourceShapes, sentShape } from "../documents/resource-shapes.ts";
import { metadataShape, storableText } from "../storable-text.ts";

const turn = z.strictObject({
  role: z.enum(["caller", "agent"]).default("caller"),
  content: storableText({ min: 1, max: 5000 }),
});

const testCase = z
  .strictObject({
    id: storableText({ min: 1, max: 64 }),
    input: z.union([
      z.strictObject({ audioUrl: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).max(2000) }),
      z.strictObject({ turns: z.array(turn).min(1).max(200) }),
    ]),
    expected: z
      .strictObject({
        toolCalls: z
          .array(
            z.strictObject({ name: storableText({ min: 1, max: 64 }), arguments: boundedObject(10_000).optional() }),
          )
          .max(50)
          .default([]),
        assertions: z
          .array(
            z.strictObject({
              type: z.enum(["transcript_contains", "transcript_not_contains"]),
              value: storableText({ min: 1, max: 1000 }),
            }),
          )
          .max(50)
          .default([]),
      })
      .prefault({}),
  })
  .meta({ id: "TestCase" });

export const testSuiteKind = {
  name: "test_suite",
  idPrefix: "suite",
  title: "test suite",
  whole: ["metadata", "sent"],
  shape: z.strictObject({
    name: storableText({ min: 1, max: 200 }),
    description: storableText({ max: 2000 }).default(""),
    cases: z
      .array(testCase)
      .max(500)
      .default([])
      .refine((cases) => new Set(cases.map(({ id }) => id)).size === cases.length, "must have different ids"),
    metadata: metadataShape.default({}),
    sent: sentShape,
  }),
} as const satisfies ResourceKind;

export const testSuiteShapes = resourceShapes(testSuiteKind, {
  name: "TestSuite",
  description: "Conversations that an agent should master.",
});

export type TestSuite = Resource<z.output<typeof testSuiteKind.shape>>;
