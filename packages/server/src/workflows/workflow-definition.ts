import { z } from "zod";
import { storableText } from "../storable-text.ts";
import { findFlaws } from "./find-flaws.ts";
import { flowEdgeShape, flowNodeShape, nodeIdShape } from "./flow-nodes.ts";

const definitionFields = z.strictObject({
  version: z.literal(1).default(1),
  entryNode: nodeIdShape.describe("Where a call begins: a conversation node."),
  globalPrompt: storableText({ max: 50_000 }).optional().describe("Rules for all nodes."),
  nodes: z.array(flowNodeShape).min(1).max(200),
  edges: z.array(flowEdgeShape).max(1000).default([]),
});

export const workflowDefinitionShape = definitionFields
  .superRefine((definition, context) => {
    for (const { path, message } of findFlaws(definition))
      context.addIssue({ code: "custom", path: [...path], message });
  })
  .meta({ id: "WorkflowDefinition", description: "Nodes and the ways between them." });

export type WorkflowDefinition = z.output<typeof definitionFields>;
