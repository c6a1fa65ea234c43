import { z } from "zod";
import { agentPatchShape } from "../agents/agent.ts";
import { agentToolShape } from "../agents/agent-tool.ts";
import { boundedObject } from "../bounded-json.ts";
import { storableText } from "../storable-text.ts";

const nodeId = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,40}$/, "must begin with a small letter and have at most 41 of a-z, 0-9 and _");
const node = {
  id: nodeId,
  firstLine: storableText({ max: 2000 }).optional().describe("Said on entering the node."),
  ui: boundedObject(5000).optional().describe("Where an editor shows it."),
};

const conversationNode = z
  .strictObject({
    ...node,
    type: z.literal("conversation"),
    instructions: storableText({ max: 50_000 }).default(""),
    isGlobal: z.boolean().default(false).describe("Can be entered from every node."),
    globalDescription: storableText({ max: 2000 }).optional().describe("When to enter a global node."),
    overrides: agentPatchShape.optional().describe("Settings of the agent that differ in this node."),
    tools: z.array(agentToolShape).max(64).default([]),
  })
  .superRefine(({ tools, overrides }, context) => {
    const refuse = (path: (string | number)[]) => {
      context.addIssue({
        code: "custom",
        path,
        message: "must be absent: give secrets to the agent, which seals them",
      });
    };
    const refuseIn = (among: readonly z.input<typeof agentToolShape>[], path: (string | number)[]) => {
      for (const [index, tool] of among.entries())
        if (tool.kind === "webhook" && tool.secret !== undefined) refuse([...path, index, "secret"]);
    };
    refuseIn(tools, ["tools"]);
    refuseIn(overrides?.tools ?? [], ["overrides", "tools"]);
    if (overrides?.webhook?.secret !== undefined) refuse(["overrides", "webhook", "secret"]);
  })
  .meta({ id: "ConversationNode" });

const toolNode = z
  .strictObject({
    ...node,
    type: z.literal("tool"),
    toolName: storableText({ min: 1, max: 64 }),
    url: z
      .url({ protocol: /^https?$/, error: "must be an http or https URL" })
      .max(2000)
      .optional(),
    arguments: boundedObject(20_000).default({}),
  })
  .meta({ id: "ToolNode" });

const transferNode = z
  .strictObject({
    ...node,
    type: z.literal("transfer"),
    destination: storableText({ min: 1, max: 200 }).describe("A number in E.164 or a SIP URI."),
  })
  .meta({ id: "TransferNode" });

const endNode = z.strictObject({ ...node, type: z.literal("end") }).meta({ id: "EndNode" });

const edge = z
  .strictObject({
    from: nodeId,
    to: nodeId,
    description: storableText({ max: 2000 }).optional().describe("When to follow it; required but after a tool node."),
    message: storableText({ max: 2000 }).optional().describe("Said on the way."),
  })
  .meta({ id: "WorkflowEdge" });

const definitionFields = z.strictObject({
  version: z.literal(1).default(1),
  entryNode: nodeId.describe("Where a call begins: a conversation node."),
  globalPrompt: storableText({ max: 50_000 }).optional().describe("Rules for all nodes."),
  nodes: z
    .array(z.discriminatedUnion("type", [conversationNode, toolNode, transferNode, endNode]))
    .min(1)
    .max(200),
  edges: z.array(edge).max(1000).default([]),
});

type Definition = z.output<typeof definitionFields>;
type Flaw = { readonly path: readonly (string | number)[]; readonly message: string };

export const workflowDefinitionShape = definitionFields
  .superRefine((definition, context) => {
    for (const { path, message } of findFlaws(definition))
      context.addIssue({ code: "custom", path: [...path], message });
  })
  .meta({ id: "WorkflowDefinition", description: "Nodes and the ways between them." });

/** What is wrong with the graph, all of it. */
function findFlaws(definition: Definition): Flaw[] {
  return [...nodeFlaws(definition), ...edgeFlaws(definition)];
}

function* nodeFlaws({ nodes, entryNode }: Definition): Iterable<Flaw> {
  const seen = new Set<string>();
  for (const [index, { id }] of nodes.entries()) {
    if (seen.has(id)) yield { path: ["nodes", index, "id"], message: `there is another node "${id}"` };
    seen.add(id);
  }
  const entry = nodes.find(({ id }) => id === entryNode);
  if (entry === undefined) yield { path: ["entryNode"], message: `there is no node "${entryNode}"` };
  else if (entry.type !== "conversation")
    yield { path: ["entryNode"], message: "must be a node of the type conversation" };
  for (const [index, one] of nodes.entries())
    if (one.type === "conversation" && one.isGlobal && (one.globalDescription ?? "") === "")
      yield { path: ["nodes", index, "globalDescription"], message: "must say when to enter a global node" };
}

function* edgeFlaws({ nodes, edges }: Definition): Iterable<Flaw> {
  const types = new Map(nodes.map(({ id, type }) => [id, type]));
  const seen = new Set<string>();
  for (const [index, { from, to, description }] of edges.entries()) {
    const at = (...path: string[]) => ["edges", index, ...path];
    if (!types.has(from)) yield { path: at("from"), message: `there is no node "${from}"` };
    if (!types.has(to)) yield { path: at("to"), message: `there is no node "${to}"` };
    if (from === to) yield { path: at("to"), message: "must not lead back to its own node" };
    const way = `${from} ${to}`;
    if (seen.has(way)) yield { path: at(), message: `there is another edge from "${from}" to "${to}"` };
    seen.add(way);
    const type = types.get(from);
    if (type === "end" || type === "transfer")
      yield { path: at("from"), message: `a node of the type ${type} leads nowhere` };
    if (type !== "tool" && (description ?? "") === "")
      yield { path: at("description"), message: "must say when to follow the edge" };
  }
}
