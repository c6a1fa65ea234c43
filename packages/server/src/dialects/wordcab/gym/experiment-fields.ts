/** Wordcab's experiments over ours. */
import { z } from "zod";
import type { experimentKind } from "../../../experiments/experiment.ts";
import { storableText } from "../../../storable-text.ts";
import type { VendorFields } from "../../kit/vendor-fields.ts";
import { fromVendorId, toVendorId } from "../vendor-ids.ts";
import { fromOverrides, overridesShape, toOverrides } from "./overrides.ts";

const MAX_SAMPLES = 10_000;
const samples = z.number().int().min(1).max(MAX_SAMPLES).nullish();

const variantShape = z.looseObject({
  name: storableText({ min: 1, max: 100 }),
  overrides: overridesShape.default({}),
  traffic: z.number().min(0).max(1),
});

export const newExperimentShape = z.looseObject({
  name: storableText({ min: 1, max: 200 }),
  control_agent_id: storableText({ min: 1, max: 64 }),
  variants: z
    .array(variantShape)
    .min(1)
    .max(10)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "must have different names")
    .refine((all) => all.reduce((sum, { traffic }) => sum + traffic, 0) <= 1 + 1e-9, "must share at most 1 of traffic"),
  metrics: z
    .array(storableText({ min: 1, max: 100 }))
    .max(20)
    .default([]),
  stop_rule: z
    .looseObject({
      min_samples: samples,
      max_samples: samples,
      significance: z.number().gt(0).lt(1).nullish(),
    })
    .nullish(),
});

type Experiment = z.output<typeof experimentKind.shape>;
type Variant = z.output<typeof variantShape>;
type StopRule = NonNullable<z.output<typeof newExperimentShape>["stop_rule"]>;

export const experimentFields: VendorFields<Experiment> = {
  name: { read: ({ name }) => name, write: (name: string, experiment) => ({ ...experiment, name }) },
  control_agent_id: {
    read: ({ controlAgentId }) => toVendorId("agent", controlAgentId),
    write: (id: string, experiment) => ({ ...experiment, controlAgentId: fromVendorId("agent", id) }),
  },
  variants: {
    read: ({ variants }) =>
      variants.map(({ name, overrides, traffic }) => ({ name, overrides: toOverrides(overrides), traffic })),
    write: (variants: readonly Variant[], experiment) => ({
      ...experiment,
      variants: variants.map(({ name, overrides, traffic }) => ({
        name,
        overrides: fromOverrides(overrides) as Experiment["variants"][number]["overrides"],
        traffic,
      })),
    }),
  },
  metrics: {
    read: ({ metrics }) => metrics,
    write: (metrics: string[], experiment) => ({ ...experiment, metrics }),
  },
  stop_rule: {
    read: ({ stopRule }) =>
      stopRule === undefined
        ? null
        : {
            min_samples: stopRule.minSamples ?? null,
            max_samples: stopRule.maxSamples ?? null,
            significance: stopRule.significance ?? null,
          },
    write: (rule: StopRule | null, { stopRule: _, ...experiment }) =>
      rule === null ? experiment : { ...experiment, stopRule: toStopRule(rule) },
  },
};

function toStopRule({ min_samples: minSamples, max_samples: maxSamples, significance }: StopRule) {
  return {
    ...(minSamples ? { minSamples } : {}),
    ...(maxSamples ? { maxSamples } : {}),
    ...(significance ? { significance } : {}),
  };
}
