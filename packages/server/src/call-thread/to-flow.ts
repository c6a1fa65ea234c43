/** What an agent's flow means for one call: a scene for each node in which the model speaks, and the graph for the rules. */

import {
  type FlowEdge,
  type FlowNode,
  type FlowRules,
  GO_BACK_TOOL,
  GO_TO_PREFIX,
  MAIN_SCENE,
  parseExpression,
  type Scene,
  type ToolDefinition,
  type Values,
} from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import { patchSettings } from "../agents/patch-settings.ts";
import type { FlowEdgeSettings, FlowNodeSettings } from "../workflows/flow-nodes.ts";
import type { WorkflowDefinition } from "../workflows/workflow-definition.ts";
import { toPhrases } from "./to-phrases.ts";

export type FlowPlan = { readonly flow: FlowRules; readonly scenes: Readonly<Record<string, Scene>> };

type ConversationNode = FlowNodeSettings & { readonly type: "conversation" };
type Options = {
  readonly agent: AgentSettings;
  /** Known before the first word, by name. */
  readonly facts: Values;
  readonly toScene: (settings: AgentSettings) => Scene;
};

/** `definition` has no flaws: it was checked when it was stored. */
export function toFlow(definition: WorkflowDefinition, options: Options): FlowPlan {
  const { entryNode: entry, nodes } = definition;
  const scenes: Record<string, Scene> = {};
  for (const node of nodes) {
    const scene = toNodeScene(definition, node, options);
    if (scene !== undefined) scenes[sceneIdOf(definition, node.id)] = scene;
  }
  const flowNodes = nodes.map((node) => [node.id, toFlowNode(definition, node, options.agent)] as const);
  return { flow: { entry, nodes: Object.fromEntries(flowNodes), facts: options.facts }, scenes };
}

/** All tools that nodes of the flow may run, besides the agent's own; of one name the agent's counts. */
export function flowTools({ flow, tools }: Pick<AgentSettings, "flow" | "tools">): AgentSettings["tools"] {
  const all = new Map(tools.map((tool) => [tool.name, tool]));
  const add = (tool: AgentSettings["tools"][number]) => {
    if (!all.has(tool.name)) all.set(tool.name, tool);
  };
  for (const node of flow?.nodes ?? []) {
    if (node.type === "conversation") for (const tool of [...node.tools, ...overriddenTools(node)]) add(tool);
    if (node.type === "tool" && node.url !== undefined) add(toWebhookTool(node.toolName, node.url));
  }
  return [...all.values()];
}

function sceneIdOf({ entryNode }: WorkflowDefinition, nodeId: string): string {
  return nodeId === entryNode ? MAIN_SCENE : `node:${nodeId}`;
}

function toFlowNode(definition: WorkflowDefinition, node: FlowNodeSettings, agent: AgentSettings): FlowNode {
  const offered = offeredEdges(definition, node);
  const edges = [
    ...edgesFrom(definition, node.id).map((edge) => toFlowEdge(edge, offered.includes(edge))),
    ...globalsFrom(definition, node).map(({ id }) => ({ to: id, tool: `${GO_TO_PREFIX}${id}` })),
  ];
  const firstLine = node.firstLine ?? (node.type === "end" ? agent.endMessage : undefined);
  const isEntry = node.id === definition.entryNode;
  const base = { edges, ...(firstLine === undefined || isEntry ? {} : { firstLine }) };
  switch (node.type) {
    case "conversation": {
      const scene = sceneIdOf(definition, node.id);
      return { ...base, type: "conversation", scene, ...(node.isGlobal ? { isGlobal: true } : {}) };
    }
    case "tool": {
      const scene = offered.length > 0 ? { scene: sceneIdOf(definition, node.id) } : {};
      return { ...base, type: "tool", name: node.toolName, arguments: node.arguments, ...scene };
    }
    case "extract":
      return { ...base, type: "extract", variables: node.variables.map(toVariable) };
    case "condition":
      return { ...base, type: "condition" };
    case "transfer":
      return { ...base, type: "transfer", destination: node.destination };
    case "handOff":
      return { ...base, type: "hand-off", agentId: node.agentId };
    case "end":
      return { ...base, type: "end" };
  }
}

function toFlowEdge({ to, condition, message }: FlowEdgeSettings, isOffered: boolean): FlowEdge {
  return {
    to,
    ...(condition === undefined ? {} : { when: parseExpression(condition) }),
    ...(isOffered ? { tool: `${GO_TO_PREFIX}${to}` } : {}),
    ...(message === undefined ? {} : { message }),
  };
}

/** Edges that the model chooses from: those of a conversation, and of a tool where several ways are left to it. */
function offeredEdges(definition: WorkflowDefinition, node: FlowNodeSettings): FlowEdgeSettings[] {
  const open = edgesFrom(definition, node.id).filter(({ condition }) => condition === undefined);
  if (node.type === "conversation") return open;
  return node.type === "tool" && open.length > 1 ? open : [];
}

/** Global nodes that an edge of the node doesn't lead to anyway. */
function globalsFrom(definition: WorkflowDefinition, node: FlowNodeSettings): ConversationNode[] {
  const isStage = node.type === "conversation" || offeredEdges(definition, node).length > 0;
  if (!isStage) return [];
  const near = new Set([node.id, ...edgesFrom(definition, node.id).map(({ to }) => to)]);
  return definition.nodes.filter(
    (other): other is ConversationNode => other.type === "conversation" && other.isGlobal && !near.has(other.id),
  );
}

function edgesFrom({ edges }: WorkflowDefinition, nodeId: string): FlowEdgeSettings[] {
  return edges.filter(({ from }) => from === nodeId);
}

/** Undefined where the model doesn't speak. */
function toNodeScene(
  definition: WorkflowDefinition,
  node: FlowNodeSettings,
  { agent, toScene }: Options,
): Scene | undefined {
  const offered = offeredEdges(definition, node);
  if (node.type !== "conversation" && offered.length === 0) return undefined;
  const steps = [
    ...offered.map((edge) => toStep(definition, edge)),
    ...globalsFrom(definition, node).map((other) => toGlobalStep(other)),
    ...(node.type === "conversation" && node.isGlobal ? [GO_BACK] : []),
  ];
  const settings = node.type === "conversation" ? atStage(agent, node) : agent;
  const wanted = node.type === "conversation" && node.overrides?.variables ? undefined : wantedNext(definition, node);
  const scene = toScene({
    ...settings,
    prompt: toPrompt(definition, node, agent),
    ...(wanted === undefined ? {} : { variables: wanted }),
  });
  return { ...scene, tools: [...scene.tools, ...steps] };
}

function atStage(agent: AgentSettings, node: ConversationNode): AgentSettings {
  const settings = patchSettings(agent, node.overrides ?? {}) as AgentSettings;
  const own = new Set(node.tools.map(({ name }) => name));
  return { ...settings, tools: [...settings.tools.filter(({ name }) => !own.has(name)), ...node.tools] };
}

function toPrompt({ globalPrompt }: WorkflowDefinition, node: FlowNodeSettings, agent: AgentSettings): string {
  const instructions =
    node.type === "conversation" ? node.instructions : "Read what the tool answered, and choose the next step by it.";
  const parts = [agent.prompt, globalPrompt ?? "", instructions === "" ? "" : `# Your present step\n${instructions}`];
  return parts.filter((part) => part.trim() !== "").join("\n\n");
}

/** What an extraction after the node wants to find is what the caller should be asked for in it. */
function wantedNext(definition: WorkflowDefinition, node: FlowNodeSettings): AgentSettings["variables"] | undefined {
  const next = edgesFrom(definition, node.id).flatMap(({ to }) => extractionOf(definition, to));
  return next.length === 0 ? undefined : next;
}

function extractionOf({ nodes }: WorkflowDefinition, nodeId: string): AgentSettings["variables"] {
  const node = nodes.find(({ id }) => id === nodeId);
  return node?.type === "extract" ? node.variables : [];
}

function toStep(definition: WorkflowDefinition, edge: FlowEdgeSettings): ToolDefinition {
  const { to, description = "", phrases } = edge;
  const values = extractionOf(definition, to).map(({ name }) => name);
  const when = description === "" ? `Go on to "${to}".` : `Call this as soon as this is so: ${description}`;
  return {
    ...NO_ARGUMENTS,
    name: `${GO_TO_PREFIX}${to}`,
    description: `Goes to the next step of the conversation. ${when}`,
    phrases: phrases ?? toPhrases(description),
    ...(values.length === 0 ? {} : { afterVariables: values }),
  };
}

function toGlobalStep({ id, globalDescription = "" }: ConversationNode): ToolDefinition {
  return {
    ...NO_ARGUMENTS,
    name: `${GO_TO_PREFIX}${id}`,
    description: `Leaves the present step for a while. Call this as soon as this is so: ${globalDescription}`,
    phrases: toPhrases(globalDescription),
  };
}

const NO_ARGUMENTS = { parameters: { type: "object", properties: {} } } as const;
const GO_BACK: ToolDefinition = {
  ...NO_ARGUMENTS,
  name: GO_BACK_TOOL,
  description: "Returns to what was talked about before. Call this as soon as the caller's matter here is dealt with.",
  phrases: ["go back", "that's all", "back to", "never mind"],
};

function toVariable({ name, type, description, isRequired }: AgentSettings["variables"][number]) {
  return {
    name,
    type,
    ...(description === undefined ? {} : { description }),
    ...(isRequired === undefined ? {} : { isRequired }),
  };
}

function overriddenTools({ overrides }: ConversationNode): AgentSettings["tools"] {
  return (overrides?.tools ?? []) as AgentSettings["tools"];
}

function toWebhookTool(name: string, url: string): AgentSettings["tools"][number] {
  return {
    kind: "webhook",
    name,
    description: "",
    parameters: { type: "object", properties: {} },
    phrases: [],
    url,
    method: "POST",
    headers: {},
    timeoutMs: 10_000,
    isAsync: false,
  };
}
