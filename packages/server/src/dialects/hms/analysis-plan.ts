/** `analysis_plan`: what is extracted from a call after its end. */
import { z } from "zod";
import type { AgentSettings } from "../../agents/agent.ts";
import { storableText } from "../../storable-text.ts";
import type { VendorField } from "../kit/vendor-fields.ts";

const DEFAULT_MIN_MESSAGES = 2;

const jsonSchemaShape = z
  .record(z.string(), z.unknown())
  .refine((schema) => JSON.stringify(schema).length <= 50_000, "must be at most 50,000 characters of JSON");

export const analysisPlanShape = z.looseObject({
  structured_data_plan: z
    .looseObject({
      enabled: z.boolean().nullish(),
      schema: jsonSchemaShape.nullish(),
      messages: z
        .array(z.looseObject({ role: z.enum(["system", "user"]), content: storableText({ max: 20_000 }) }))
        .max(20)
        .nullish(),
    })
    .nullish(),
  min_messages_threshold: z.number().int().min(0).max(1000).nullish(),
});

type AnalysisPlan = z.output<typeof analysisPlanShape>;

export const analysisPlanField: VendorField<AgentSettings> = {
  read({ analysis }) {
    if (analysis === undefined) return null;
    return {
      structured_data_plan: {
        enabled: analysis.isEnabled,
        ...(analysis.schema === undefined ? {} : { schema: analysis.schema }),
        messages: analysis.messages,
      },
      min_messages_threshold: analysis.minMessages,
    };
  },
  write(plan: AnalysisPlan | null, { analysis: _, ...settings }) {
    if (plan === null) return settings;
    const structured = plan.structured_data_plan;
    const schema = structured?.schema ?? undefined;
    return {
      ...settings,
      analysis: {
        isEnabled: structured?.enabled ?? true,
        ...(schema === undefined ? {} : { schema }),
        messages: (structured?.messages ?? []).map(({ role, content }) => ({ role, content })),
        minMessages: plan.min_messages_threshold ?? DEFAULT_MIN_MESSAGES,
      },
    };
  },
};
