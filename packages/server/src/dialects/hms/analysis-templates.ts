/** /analysis-templates: prompts for what is drawn from calls after they ended. */
import { z } from "zod";
import { analysisTemplateKind } from "../../analysis-templates/analysis-template.ts";
import { Resources } from "../../documents/resource.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import { addSimpleResource } from "./simple-resource.ts";

const { name, description, systemPrompt, userPrompt, schema, minMessages, isDefault } =
  analysisTemplateKind.shape.shape;

const shape = z.looseObject({
  name,
  description: description.unwrap().nullish(),
  system_prompt: systemPrompt.unwrap().nullish(),
  user_prompt: userPrompt.unwrap().nullish(),
  schema: schema.unwrap().nullish(),
  min_messages_threshold: minMessages.unwrap().nullish(),
  is_default: isDefault.unwrap().nullish(),
});
type Sent = z.output<typeof shape>;

export function addAnalysisTemplates(app: DialectApp, deps: DialectDeps): void {
  const resources = new Resources(deps, analysisTemplateKind);
  addSimpleResource(app, {
    path: "analysis-templates",
    one: ["analysis_template"],
    many: ["analysis_templates"],
    resources,
    shape,
    known: Object.keys(shape.shape),
    decode(sent) {
      const given = sent as Sent;
      return {
        name: given.name,
        description: given.description ?? undefined,
        systemPrompt: given.system_prompt ?? undefined,
        userPrompt: given.user_prompt ?? undefined,
        schema: given.schema ?? undefined,
        minMessages: given.min_messages_threshold ?? undefined,
        isDefault: given.is_default ?? undefined,
      };
    },
    encode: (template) => ({
      name: template.name,
      description: template.description,
      system_prompt: template.systemPrompt,
      user_prompt: template.userPrompt,
      schema: template.schema ?? null,
      min_messages_threshold: template.minMessages,
      is_default: template.isDefault,
    }),
  });
}
