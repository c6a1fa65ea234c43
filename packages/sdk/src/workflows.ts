import type { components } from "./generated/openapi.ts";
import type { components as requests } from "./generated/openapi-requests.ts";
import { Resource } from "./resource.ts";
import type { Transport } from "./transport.ts";

export type Workflow = components["schemas"]["Workflow"];
export type NewWorkflow = requests["schemas"]["NewWorkflow"];
export type WorkflowPatch = requests["schemas"]["WorkflowPatch"];

/** Conversations drawn as graphs, which a phone number can follow instead of an agent's prompt. */
export class Workflows extends Resource<{ item: Workflow; create: NewWorkflow; update: WorkflowPatch }> {
  constructor(transport: Transport) {
    super(transport, "/v1/workflows");
  }
}
