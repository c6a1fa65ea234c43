/** Words for the time in which the caller waits for a tool: never over anybody, and few. */

import type { Conversation, RunningTool } from "./conversation.ts";
import { startReply } from "./replying.ts";
import { andThen, type Step, stay } from "./step.ts";
import { clearTimer, setTimer } from "./timers.ts";
import { FILLER_AFTER_MS, FILLER_AGAIN_AFTER_MS } from "./tool-conduct.ts";

/** Whether the answer that is owed must wait for a tool. */
export function isWaitingForTool(now: Conversation): boolean {
  return now.tools.some((tool) => tool.isAsync !== true);
}

/** Measures the wait for the tool that was just asked for, unless another is waited for already. */
export function beginWait(now: Conversation, hasSpoken: boolean): Step {
  const isMeasured = now.timers["tool-filler"] !== undefined;
  if (!hasFillers(now) || isMeasured) return stay(now);
  return setTimer(now, "tool-filler", hasSpoken ? FILLER_AGAIN_AFTER_MS : FILLER_AFTER_MS);
}

/** A tool is done with: there is nothing to bridge any more, unless another still runs. */
export function endWait(now: Conversation): Step {
  return hasFillers(now) ? stay(now) : clearTimer(now, "tool-filler");
}

/** While the agent speaks nobody waits in silence. */
export function fillerFired(now: Conversation): Step {
  const due = now.agent.state === "idle" ? { ...now, fillerDueAfter: now.count.replies } : now;
  return setTimer(due, "tool-filler", FILLER_AGAIN_AFTER_MS);
}

/** Both floors are free, and a tool is still at work. */
export function fillWait(now: Conversation, atMs: number): Step {
  if (now.fillerDueAfter !== now.count.replies) return stay(now);
  const say = now.tools.flatMap(({ fillers }) => fillers.slice(0, 1))[0] ?? "";
  return andThen(endWait(takeFiller(now)), (next) => startReply(next, { purpose: "filler", say, atMs }));
}

function hasFillers({ tools }: Conversation): boolean {
  return tools.some(({ fillers }) => fillers.length > 0);
}

/** One sentence serves all that are waited for. */
function takeFiller(now: Conversation): Conversation {
  return { ...now, tools: now.tools.map((tool): RunningTool => ({ ...tool, fillers: tool.fillers.slice(1) })) };
}
