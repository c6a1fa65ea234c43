/** Rule 7: a tool call runs at most once per id, and its result reaches the history whatever the caller does meanwhile. */

import { type Conversation, findOpenReply, hasToolCall } from "./conversation.ts";
import { beginClosing } from "./ending.ts";
import type { Fact } from "./event.ts";
import { finishTask } from "./flow/begin-task.ts";
import { isTransition, transitionRequested } from "./flow/transitions.ts";
import { changeMessage } from "./heard.ts";
import { END_CALL_TOOL } from "./rules.ts";
import { type Step, stay, step } from "./step.ts";

export function toolRequested(now: Conversation, fact: Fact & { type: "tool-requested" }, atMs: number): Step {
  const { replyId, toolCallId: id, name } = fact;
  if (!findOpenReply(now, replyId)) return stay(now);
  if (now.agent.state === "stopping") return stay(now);
  if (hasToolCall(now, id)) return stay(now);
  const called = changeMessage(now, replyId, (said) => ({
    ...said,
    toolCalls: [...(said.toolCalls ?? []), { id, name, arguments: fact.arguments }],
  }));
  if (name === END_CALL_TOOL) return hangUp(called, id, atMs);
  if (isTransition(now, name)) return transitionRequested(called, { id, name, arguments: fact.arguments }, atMs);
  return step(
    { ...called, tools: [...called.tools, { id, replyId }] },
    { type: "run-tool", toolCallId: id, name, arguments: fact.arguments },
  );
}

export function toolFinished(now: Conversation, fact: Fact & { type: "tool-finished" }, atMs: number): Step {
  const { toolCallId, outcome, result } = fact;
  if (!now.tools.some((tool) => tool.id === toolCallId)) return stay(now);
  const name = nameOf(now, toolCallId);
  const next: Conversation = {
    ...finishTask(now, fact),
    tools: now.tools.filter((tool) => tool.id !== toolCallId),
    history: [...now.history, { role: "tool", toolCallId, name, outcome, result, atMs }],
    owed: { ...now.owed, answer: true },
  };
  return stay(next);
}

function hangUp(now: Conversation, toolCallId: string, atMs: number): Step {
  const result = { role: "tool", toolCallId, name: END_CALL_TOOL, outcome: "succeeded", result: "", atMs } as const;
  return beginClosing({ ...now, history: [...now.history, result] }, { reason: "agent-hung-up" });
}

function nameOf(now: Conversation, toolCallId: string): string {
  for (const said of now.history) {
    if (said.role !== "agent") continue;
    const call = said.toolCalls?.find((candidate) => candidate.id === toolCallId);
    if (call) return call.name;
  }
  return "";
}
