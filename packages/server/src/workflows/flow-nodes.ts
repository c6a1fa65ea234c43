/** The nodes and edges of a flow, each with its settings. */
import { z } from "zod";
import { agentToolShape } from "../agents/agent-tool.ts";
import { stageSettingsShape } from "../agents/stage-settings.ts";
import { variablesShape } from "../agents/variables.ts";
import { boundedObject } from "../bounded-json.ts";
import { storableText } from "../storable-text.ts";

export const nodeIdShape = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,40}$/, "must begin with a small letter and have at most 41 of a-z, 0-9 and _");

const node = {
  id: nodeIdShape,
  firstLine: storableText({ max: 2000 })
    .optional()
    .describe("Said on entering the node. {{name}} stands for a variable."),
  ui: boundedObject(5000).optional().describe("Where an editor shows it."),
};

const conversationNode = z
  .strictObject({
    ...node,
    type: z.literal("conversation"),
    instructions: storableText({ max: 50_000 })
      .default("")
      .describe("What the model has to do here, besides the agent's prompt and `globalPrompt`."),
    isGlobal: z.boolean().default(false).describe("Can be entered from every node, and left to where it came from."),
    globalDescription: storableText({ max: 2000 }).optional().describe("When to enter a global node."),
    overrides: stageSettingsShape.optional().describe("Settings of the agent that differ in this node."),
    tools: z.array(agentToolShape).max(64).default([]).describe("Besides the agent's own."),
  })
  .meta({ id: "ConversationNode", description: "Here the language model speaks with the caller." });

const toolNode = z
  .strictObject({
    ...node,
    type: z.literal("tool"),
    toolName: storableText({ min: 1, max: 64 }).describe("A tool of the agent, or a name for `url`."),
    url: z
      .url({ protocol: /^https?$/, error: "must be an http or https URL" })
      .max(2000)
      .optional()
      .describe("Receives the arguments; absent: the tool of that name knows."),
    arguments: boundedObject(20_000).default({}).describe("Texts in it may hold {{name}} of a variable."),
  })
  .meta({ id: "ToolNode", description: "Runs a tool, once a visit." });

const transferNode = z
  .strictObject({
    ...node,
    type: z.literal("transfer"),
    destination: storableText({ min: 1, max: 200 }).describe("A number in E.164 or a SIP URI."),
  })
  .meta({ id: "TransferNode", description: "Transfers the call; where that fails the model goes on." });

const handOffNode = z
  .strictObject({
    ...node,
    type: z.literal("handOff"),
    agentId: storableText({ min: 1, max: 64 }).describe("Who goes on with the call."),
  })
  .meta({ id: "HandOffNode", description: "Another agent takes over." });

const extractNode = z
  .strictObject({
    ...node,
    type: z.literal("extract"),
    variables: variablesShape.unwrap().min(1, "must name at least one variable"),
  })
  .meta({ id: "ExtractNode", description: "Has the model find values in what was said." });

const conditionNode = z
  .strictObject({ ...node, type: z.literal("condition") })
  .meta({ id: "ConditionNode", description: "Chooses the way by conditions, without a model." });

const endNode = z
  .strictObject({ ...node, type: z.literal("end") })
  .meta({ id: "EndNode", description: "Says its first line and hangs up." });

export const flowNodeShape = z.discriminatedUnion("type", [
  conversationNode,
  toolNode,
  transferNode,
  handOffNode,
  extractNode,
  conditionNode,
  endNode,
]);

export const flowEdgeShape = z
  .strictObject({
    from: nodeIdShape,
    to: nodeIdShape,
    description: storableText({ max: 2000 })
      .optional()
      .describe("When to follow it, for the language model. Edges of conversations have this or a condition."),
    condition: storableText({ max: 1000 })
      .optional()
      .describe('Followed as soon as it is true: `party > 6 and not (day == "Sunday")`. No model is asked.'),
    phrases: z
      .array(storableText({ min: 1, max: 200 }))
      .max(50)
      .optional()
      .describe("What a caller says to have it followed; used by the built-in language model only."),
    message: storableText({ max: 2000 }).optional().describe("Said on the way."),
  })
  .meta({ id: "WorkflowEdge" });

export type FlowNodeSettings = z.output<typeof flowNodeShape>;
export type FlowEdgeSettings = z.output<typeof flowEdgeShape>;
