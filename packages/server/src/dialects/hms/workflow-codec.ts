/** The graph of a workflow, between HMS's names and ours. */
import type { z } from "zod";
import { AppError } from "../../app-error.ts";
import { workflowDefinitionShape } from "../../workflows/workflow-definition.ts";
import { changeSettings } from "./agent-codec.ts";
import { DEFAULT_AGENT } from "./agent-fields.ts";
import { mergePatchOf } from "./merge-patch-of.ts";
import { check, type JsonObject } from "./parse.ts";
import { showOverrides } from "./show-overrides.ts";
import { toolShape } from "./tool-shapes.ts";
import { fromVendorTools, toVendorTools } from "./tools-codec.ts";

export type Definition = z.output<typeof workflowDefinitionShape>;
type Node = Definition["nodes"][number];

/** @throws AppError `invalid_request` that tells all that is wrong */
export function fromVendorDefinition(sent: unknown): Definition {
  const { version, entry_node: entryNode, global_prompt: globalPrompt, nodes, edges } = objectOf(sent);
  const parsed = workflowDefinitionShape.safeParse({
    ...(version === undefined ? {} : { version }),
    entryNode,
    ...given({ globalPrompt }),
    nodes: Array.isArray(nodes) ? nodes.map((node, index) => fromNode(node, index)) : nodes,
    edges: Array.isArray(edges) ? edges.map(fromEdge) : (edges ?? []),
  });
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({
    path: ["definition", ...path.map((part) => toSnake(String(part)))].join("."),
    message,
  }));
  const flaws = errors.map(({ path, message }) => `${path}: ${message}`);
  throw new AppError("invalid_request", `the workflow is not valid: ${flaws[0]}`, { details: { errors, flaws } });
}

export function toVendorDefinition({ version, entryNode, globalPrompt, nodes, edges }: Definition): JsonObject {
  return {
    version,
    entry_node: entryNode,
    ...given({ global_prompt: globalPrompt }),
    nodes: nodes.map(toNode),
    edges: edges.map(({ from, to, ...rest }) => ({ from, to, ...given(rest) })),
  };
}

function fromNode(sent: unknown, index: number): unknown {
  if (typeof sent !== "object" || sent === null) return sent;
  const node = objectOf(sent);
  const base = { id: node["id"], type: node["type"], ...given({ firstLine: node["first_line"], ui: node["ui"] }) };
  switch (node["type"]) {
    case "conversation": {
      const overrides = toOverrides(node, index);
      return {
        ...base,
        ...given({
          instructions: node["instructions"],
          isGlobal: node["global"],
          globalDescription: node["global_description"],
        }),
        ...(Object.keys(overrides).length === 0 ? {} : { overrides }),
        tools: toTools(node["tools"], index),
      };
    }
    case "tool":
      return { ...base, ...given({ toolName: node["tool_name"], url: node["url"], arguments: node["arguments"] }) };
    case "transfer":
      return { ...base, destination: node["destination"] };
    case "hand_off":
      return { ...base, type: "handOff", agentId: node["agent_id"] };
    case "extract":
      return { ...base, variables: node["variables"] };
    default:
      return base;
  }
}

/** Settings that differ while the call is in the node. */
function toOverrides(node: JsonObject, index: number): JsonObject {
  const { llm_config: llm, stt_config: stt, tts_config: tts, voice } = node;
  const spoken = tts ?? (typeof voice === "string" ? { provider: "local", voice_id: voice } : voice);
  const fields = given({ llm_config: llm, stt_config: stt, tts_config: spoken });
  if (Object.keys(fields).length === 0) return {};
  try {
    const { settings } = changeSettings({ settings: DEFAULT_AGENT, sent: {} }, fields);
    const { prompt: _, tools: __, transfers: ___, ...overrides } = mergePatchOf(DEFAULT_AGENT, settings);
    return overrides;
  } catch (error) {
    throw inNode(error, index);
  }
}

/** Tools that are only named are kept as they are; secrets aren't: nothing seals them in a graph. */
function toTools(tools: unknown, index: number): unknown {
  if (tools === undefined || tools === null) return [];
  if (!Array.isArray(tools)) return tools;
  const whole = tools.filter((tool) => typeof tool === "object");
  const known = whole.map((tool, at) => check(toolShape, tool, `definition.nodes.${index}.tools.${at}.`));
  return fromVendorTools(known).tools.map((tool) => {
    if (tool.kind !== "webhook") return tool;
    const { secret: _, ...open } = tool;
    return open;
  });
}

function fromEdge(sent: unknown): unknown {
  if (typeof sent !== "object" || sent === null) return sent;
  const { from, to, description, condition, message, phrases } = objectOf(sent);
  return { from, to, ...given({ description, condition, message, phrases }) };
}

function toNode(node: Node): JsonObject {
  const base = { id: node.id, type: node.type, ...given({ first_line: node.firstLine, ui: node.ui }) };
  switch (node.type) {
    case "conversation":
      return {
        ...base,
        instructions: node.instructions,
        global: node.isGlobal,
        ...given({ global_description: node.globalDescription }),
        ...(node.overrides === undefined ? {} : showOverrides(node.overrides)),
        tools: toVendorTools({ tools: node.tools, transfers: [] }),
      };
    case "tool":
      return { ...base, tool_name: node.toolName, ...given({ url: node.url }), arguments: node.arguments };
    case "transfer":
      return { ...base, destination: node.destination };
    case "handOff":
      return { ...base, type: "hand_off", agent_id: node.agentId };
    case "extract":
      return { ...base, variables: node.variables };
    case "condition":
    case "end":
      return base;
  }
}

function inNode(error: unknown, index: number): unknown {
  if (!(error instanceof AppError)) return error;
  const at = `definition.nodes.${index}.`;
  const errors = error.details["errors"] as readonly { path: string; message: string }[];
  return new AppError(error.code, `${at}${error.message}`, {
    details: { errors: errors.map(({ path, message }) => ({ path: `${at}${path}`, message })) },
  });
}

function objectOf(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** Without what is absent or null. */
function given(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

function toSnake(name: string): string {
  return name === "isGlobal" ? "global" : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
