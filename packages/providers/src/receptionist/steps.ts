/** Flows: the tools by which a model follows the edges of a graph. */

import {
  FLOW_TASK_PREFIX,
  GO_BACK_TOOL,
  GO_TO_PREFIX,
  type Message,
  type ReplyRequest,
  type ToolDefinition,
} from "@earshot/engine";
import type { DialogueState } from "./dialogue-state.ts";
import { call, type Reply } from "./reply.ts";

/** A step is taken without a word about it. */
export function isStep(toolName: string): boolean {
  return toolName.startsWith(GO_TO_PREFIX) || toolName === GO_BACK_TOOL;
}

/** What a flow did by itself is told by the flow. */
export function isSilent({ name, toolCallId }: Message & { role: "tool" }): boolean {
  return isStep(name) || toolCallId.startsWith(FLOW_TASK_PREFIX);
}

/** Another step: what was wanted and asked before it is over. */
export function afterStep(state: DialogueState, { name, outcome }: Message & { role: "tool" }): DialogueState {
  if (!isStep(name) || outcome === "failed") return state;
  return { ...state, toolName: undefined, pending: undefined };
}

/** The step that is due, because the caller has told all that it waits for. */
export function dueStep(state: DialogueState, { tools }: ReplyRequest): Reply | undefined {
  const due = tools.find(({ afterVariables }) => isKnown(state, afterVariables));
  return due === undefined ? undefined : call(due.name, {});
}

function isKnown({ values }: DialogueState, names: ToolDefinition["afterVariables"]): boolean {
  return names !== undefined && names.length > 0 && names.every((name) => values.has(name));
}
