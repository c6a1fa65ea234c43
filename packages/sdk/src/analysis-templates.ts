import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import { Resource } from "./resource.ts";
import type { Transport } from "./transport.ts";

export type AnalysisTemplate = components["schemas"]["AnalysisTemplate"];
export type NewAnalysisTemplate = requests["schemas"]["NewAnalysisTemplate"];
export type AnalysisTemplatePatch = requests["schemas"]["AnalysisTemplatePatch"];

/** What is asked about calls once they are over. */
export class AnalysisTemplates extends Resource<{
  item: AnalysisTemplate;
  create: NewAnalysisTemplate;
  update: AnalysisTemplatePatch;
}> {
  constructor(transport: Transport) {
    super(transport, "/v1/analysis-templates");
  }
}
