import { z } from "zod";
import { agentPatchShape } from "../agents/agent.ts";
import type { Resource, ResourceKind } from "../documents/resource.ts";
import { resourceShapes, sentShape } from "../documents/resource-shapes.ts";
import { metadataShape, storableText } from "../storable-text.ts";

const variant = z
  .strictObject({
    name: storableText({ min: 1, max: 100 }),
    overrides: agentPatchShape.default({}).describe("Settings of the agent that differ."),
    traffic: z.number().min(0).max(1).describe("Share of the calls, 0 to 1."),
  })
  .meta({ id: "ExperimentVariant" });

export const experimentKind = {
  name: "experiment",
  idPrefix: "exp",
  title: "experiment",
  whole: ["stopRule", "metadata", "sent"],
  shape: z.strictObject({
    name: storableText({ min: 1, max: 200 }),
    controlAgentId: storableText({ min: 1, max: 64 }).describe("Whose settings the variants differ from."),
    variants: z
      .array(variant)
      .min(1)
      .max(10)
      .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "must have different names")
      .refine(
        (all) => all.reduce((sum, { traffic }) => sum + traffic, 0) <= 1 + 1e-9,
        "must share at most 1 of traffic",
      ),
    metrics: z
      .array(storableText({ min: 1, max: 100 }))
      .max(20)
      .default([])
      .describe("Such as resolution_rate, avg_handle_time, tool_error_rate or csat_estimate."),
    stopRule: z
      .strictObject({
        minSamples: z.number().int().min(1).max(10_000).optional(),
        maxSamples: z.number().int().min(1).max(10_000).optional(),
        significance: z.number().gt(0).lt(1).optional(),
      })
      .optional(),
    status: z.enum(["draft", "running", "stopped"]).default("draft"),
    stoppedAt: z.iso.datetime().optional(),
    metadata: metadataShape.default({}),
    sent: sentShape,
  }),
} as const satisfies ResourceKind;

export const experimentShapes = resourceShapes(experimentKind, {
  name: "Experiment",
  description: "A comparison of an agent with variants of it.",
  runtime: ["status", "stoppedAt"],
});

export type Experiment = Resource<z.output<typeof experimentKind.shape>>;
