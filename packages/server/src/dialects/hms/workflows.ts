/** /workflows: conversations as graphs, which numbers can run. */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { Resources } from "../../documents/resource.ts";
import { deleteWorkflow } from "../../workflows/delete-workflow.ts";
import { type Workflow, workflowKind } from "../../workflows/workflow.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";
import type { JsonObject } from "./parse.ts";
import { addSimpleResource, keptBy } from "./simple-resource.ts";
import { withoutToolSecrets } from "./tools-codec.ts";
import { fromVendorDefinition, toVendorDefinition } from "./workflow-codec.ts";

const { name, description } = workflowKind.shape.shape;
const MAX_LENGTH = 500_000;

const shape = z.looseObject({
  name,
  description: description.unwrap().nullish(),
  definition: z
    .record(z.string(), z.unknown())
    .refine(
      (definition) => JSON.stringify(definition).length <= MAX_LENGTH,
      "must be at most 500,000 characters of JSON",
    ),
});

export function addWorkflows(app: DialectApp, deps: DialectDeps): void {
  const workflows = new Resources(deps, workflowKind);
  addSimpleResource(app, {
    path: "workflows",
    one: ["workflow"],
    many: ["workflows"],
    resources: workflows,
    shape,
    known: ["name", "description", "node_count"],
    decode: (sent) => ({
      name: sent["name"],
      description: sent["description"] ?? "",
      definition: fromVendorDefinition(sent["definition"]),
    }),
    keep: ({ definition }) => ({ definition: withoutSecrets(definition as JsonObject) }),
    encode: (workflow) => ({
      name: workflow.name,
      description: workflow.description,
      definition: toShownDefinition(workflow),
      node_count: workflow.definition.nodes.length,
    }),
    summarize: ({ definition: _, ...summary }) => summary,
    verbs: { remove: (workspaceId, id) => deleteWorkflow({ ...deps, workflows }, workspaceId, id) },
  });
}

/** As it was sent while it still means what is stored. */
function toShownDefinition(workflow: Workflow): unknown {
  const kept = keptBy(workflow)["definition"];
  const isTrue = kept !== undefined && isDeepStrictEqual(fromVendorDefinition(kept), workflow.definition);
  return isTrue ? kept : toVendorDefinition(workflow.definition);
}

function withoutSecrets(definition: JsonObject): JsonObject {
  const { nodes } = definition;
  if (!Array.isArray(nodes)) return definition;
  const shown = nodes.map((node: JsonObject) =>
    node["tools"] === undefined ? node : { ...node, tools: withoutToolSecrets(node["tools"]) },
  );
  return { ...definition, nodes: shown };
}
