/** How a tool's run enters the history: once, whatever the caller does meanwhile. */

import type { Conversation } from "./conversation.ts";
import type { EndReason } from "./end-reason.ts";
import { finishTask } from "./flow/begin-task.ts";

type ToolResult = {
  readonly toolCallId: string;
  readonly outcome: "succeeded" | "failed";
  readonly result: string;
  /** It wants no answer. */
  readonly isQuiet?: boolean;
  readonly atMs: number;
};

/** A tool that runs is done with; somebody waits for what it says. */
export function settleTool(
  now: Conversation,
  { toolCallId, outcome, result, isQuiet, atMs }: ToolResult,
): Conversation {
  const tool = now.tools.find(({ id }) => id === toolCallId);
  const late = tool?.isAsync === true && isQuiet !== true ? ({ isLate: true } as const) : {};
  return {
    ...finishTask(now, { toolCallId, outcome, result }),
    tools: now.tools.filter(({ id }) => id !== toolCallId),
    history: [...now.history, { role: "tool", toolCallId, name: tool?.name ?? "", outcome, result, ...late, atMs }],
    owed: isQuiet === true ? now.owed : { ...now.owed, answer: true },
  };
}

/** The call is over, and the transfer with it: for better, or for worse. */
export function settleTransfer(now: Conversation, reason: EndReason, atMs: number): Conversation {
  const { transfer } = now;
  const over: Conversation = { ...now, transfer: undefined };
  if (transfer?.toolCallId === undefined) return over;
  const { toolCallId, order } = transfer;
  if (reason === "transferred")
    return settleTool(over, { toolCallId, outcome: "succeeded", result: `Transferred to ${order.destination}.`, atMs });
  return settleTool(over, { toolCallId, outcome: "failed", result: "The call ended before it was transferred.", atMs });
}
