/** What is wrong with a flow as a whole, all of it, each flaw with the node and what to do about it. */
import { isDeepStrictEqual } from "node:util";
import { ExpressionError, GO_BACK_TOOL, GO_TO_PREFIX, parseExpression } from "@earshot/engine";
import type { AgentTool } from "../agents/agent-tool.ts";
import type { FlowEdgeSettings, FlowNodeSettings } from "./flow-nodes.ts";

type Definition = {
  readonly entryNode: string;
  readonly nodes: readonly FlowNodeSettings[];
  readonly edges: readonly FlowEdgeSettings[];
};
type Flaw = { readonly path: readonly (string | number)[]; readonly message: string };

export function findFlaws(definition: Definition): Flaw[] {
  return [
    ...entryFlaws(definition),
    ...nodeFlaws(definition),
    ...toolFlaws(definition),
    ...urlFlaws(definition),
    ...edgeFlaws(definition),
    ...wayFlaws(definition),
  ];
}

/** Nodes that no call can come to: no flaw, but worth telling. */
export function findUnreachable({ entryNode, nodes, edges }: Definition): string[] {
  const globals = nodes.filter((node) => node.type === "conversation" && node.isGlobal).map(({ id }) => id);
  const reached = new Set([entryNode, ...globals]);
  // A set that grows while it is walked: each id is visited once.
  for (const id of reached) for (const { from, to } of edges) if (from === id) reached.add(to);
  return nodes.map(({ id }) => id).filter((id) => !reached.has(id));
}

function* entryFlaws({ nodes, entryNode }: Definition): Iterable<Flaw> {
  const entry = nodes.find(({ id }) => id === entryNode);
  if (entry === undefined) yield { path: ["entryNode"], message: `there is no node "${entryNode}"` };
  else if (entry.type !== "conversation")
    yield { path: ["entryNode"], message: "must be a node of the type conversation" };
}

function* nodeFlaws({ nodes, edges }: Definition): Iterable<Flaw> {
  const seen = new Set<string>();
  for (const [index, one] of nodes.entries()) {
    if (seen.has(one.id)) yield { path: ["nodes", index, "id"], message: `there is another node "${one.id}"` };
    seen.add(one.id);
    if (one.type === "conversation" && one.isGlobal && (one.globalDescription ?? "") === "")
      yield { path: ["nodes", index, "globalDescription"], message: "must say when to enter a global node" };
    if (one.type === "condition" && !edges.some(({ from }) => from === one.id))
      yield { path: ["nodes", index], message: `the condition "${one.id}" leads nowhere: add an edge from it` };
  }
}

function* toolFlaws({ nodes }: Definition): Iterable<Flaw> {
  const known = new Map<string, { readonly tool: unknown; readonly nodeId: string }>();
  for (const [index, one] of nodes.entries())
    for (const { path, name, tool } of toolsOf(one)) {
      const at = ["nodes", index, ...path];
      if (tool.kind === "webhook" && tool.secret !== undefined)
        yield { path: [...at, "secret"], message: "must be absent: give secrets to the agent, which seals them" };
      if (name.startsWith(GO_TO_PREFIX) || name === GO_BACK_TOOL)
        yield { path: at, message: `"${name}" is what following an edge is called: name the tool otherwise` };
      const other = known.get(name);
      if (other === undefined) known.set(name, { tool, nodeId: one.id });
      if (other !== undefined && !isDeepStrictEqual(other.tool, tool))
        yield { path: at, message: `"${name}" is another tool in the node "${other.nodeId}": name one otherwise` };
    }
}

/** A tool has one URL, whichever node has it run. */
function* urlFlaws({ nodes }: Definition): Iterable<Flaw> {
  const known = new Map<string, { readonly url: string; readonly nodeId: string }>();
  for (const [index, one] of nodes.entries()) {
    if (one.type !== "tool" || one.url === undefined) continue;
    const other = known.get(one.toolName) ?? { url: one.url, nodeId: one.id };
    known.set(one.toolName, other);
    if (other.url !== one.url)
      yield {
        path: ["nodes", index, "url"],
        message: `"${one.toolName}" has another URL in the node "${other.nodeId}": name one otherwise`,
      };
  }
}

type NamedTool = { readonly path: readonly (string | number)[]; readonly name: string; readonly tool: AgentTool };

function toolsOf(one: FlowNodeSettings): NamedTool[] {
  if (one.type !== "conversation") return [];
  const named = (tools: readonly AgentTool[], ...path: string[]) =>
    tools.map((tool, index) => ({ path: [...path, index], name: tool.name, tool }));
  const overrides = (one.overrides?.tools ?? []) as readonly AgentTool[];
  return [...named(one.tools, "tools"), ...named(overrides, "overrides", "tools")];
}

function* edgeFlaws({ nodes, edges }: Definition): Iterable<Flaw> {
  const types = new Map(nodes.map(({ id, type }) => [id, type]));
  const seen = new Set<string>();
  for (const [index, { from, to, description, condition }] of edges.entries()) {
    const at = (...path: string[]) => ["edges", index, ...path];
    if (!types.has(from)) yield { path: at("from"), message: `there is no node "${from}"` };
    if (!types.has(to)) yield { path: at("to"), message: `there is no node "${to}"` };
    if (from === to) yield { path: at("to"), message: "must not lead back to its own node" };
    const way = `${from} ${to}`;
    if (seen.has(way)) yield { path: at(), message: `there is another edge from "${from}" to "${to}"` };
    seen.add(way);
    const type = types.get(from);
    if (type === "end" || type === "transfer" || type === "handOff")
      yield { path: at("from"), message: `a node of the type ${type} leads nowhere` };
    if (type === "conversation" && (description ?? "") === "" && condition === undefined)
      yield { path: at("description"), message: "must say when to follow the edge" };
    const problem = condition === undefined ? undefined : findProblem(condition);
    if (problem !== undefined) yield { path: at("condition"), message: problem };
  }
}

/** Of the ways out of a node that no model chooses, all but the first without a condition would never be taken. */
function* wayFlaws({ nodes, edges }: Definition): Iterable<Flaw> {
  for (const { id, type } of nodes) {
    if (type !== "condition" && type !== "extract") continue;
    const open = [...edges.entries()].filter(([, edge]) => edge.from === id && edge.condition === undefined);
    for (const [index] of open.slice(1))
      yield { path: ["edges", index, "condition"], message: `must say when to leave "${id}" this way, not the other` };
  }
}

function findProblem(condition: string): string | undefined {
  try {
    parseExpression(condition);
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}
