/** Tools and extractions that a flow orders by itself. They run and end like any tool that a model asks for. */

import type { Conversation } from "../conversation.ts";
import { type Step, stay, step } from "../step.ts";
import { EXTRACT_TOOL, FLOW_TASK_PREFIX, type WantedValue } from "./flow-rules.ts";

type Task =
  | { readonly name: string; readonly arguments: string }
  | { readonly name?: never; readonly variables: readonly WantedValue[] };

export function beginTask(now: Conversation, task: Task, atMs: number): Step {
  const { flow } = now;
  if (flow === undefined) return stay(now);
  const tasks = flow.tasks + 1;
  const id = `${FLOW_TASK_PREFIX}${tasks}`;
  const isTool = task.name !== undefined;
  const name = isTool ? task.name : EXTRACT_TOOL;
  const given = isTool ? task.arguments : JSON.stringify({ names: task.variables.map((wanted) => wanted.name) });
  const next: Conversation = {
    ...now,
    flow: { ...flow, taskId: id, tasks },
    tools: [...now.tools, { id, replyId: "" }],
    history: [...now.history, { role: "agent", text: "", toolCalls: [{ id, name, arguments: given }], atMs }],
  };
  return step(
    next,
    isTool
      ? { type: "run-tool", toolCallId: id, name, arguments: given }
      : { type: "extract-values", toolCallId: id, variables: task.variables },
  );
}

/** The outcome of what the flow waits for; it goes on from there. */
export function finishTask(
  now: Conversation,
  { toolCallId, outcome, result }: { toolCallId: string; outcome: "succeeded" | "failed"; result: string },
): Conversation {
  if (now.flow?.taskId !== toolCallId) return now;
  const { taskId: _, ...flow } = now.flow;
  return { ...now, flow: { ...flow, tool: { outcome, result } } };
}
