/** Rule 7: a tool call runs at most once per id, and its result reaches the history whatever the caller does meanwhile. */

import { type Conversation, findOpenReply, hasToolCall, type OpenReply, type RunningTool } from "./conversation.ts";
import { beginClosing } from "./ending.ts";
import type { Fact } from "./event.ts";
import { isTransition, transitionRequested } from "./flow/transitions.ts";
import { changeMessage, heardText } from "./heard.ts";
import { pauseRecording, resumeRecording } from "./recording/consent.ts";
import { END_CALL_TOOL, REMEMBER_TOOL } from "./rules.ts";
import { andThen, type Step, stay, step } from "./step.ts";
import { settleTool } from "./tool-result.ts";
import { beginWait, endWait } from "./tool-wait.ts";
import { requestTransfer } from "./transferring.ts";

type ToolRequested = Fact & { type: "tool-requested" };
type ToolOrdered = Fact & { type: "tool-ordered" };

export function toolRequested(now: Conversation, fact: ToolRequested, atMs: number): Step {
  const { replyId, toolCallId: id, name } = fact;
  const reply = findOpenReply(now, replyId);
  if (!reply) return stay(now);
  if (now.agent.state === "stopping") return stay(now);
  if (hasToolCall(now, id)) return stay(now);
  const called = changeMessage(now, replyId, (said) => ({
    ...said,
    toolCalls: [...(said.toolCalls ?? []), { id, name, arguments: fact.arguments }],
  }));
  if (name === END_CALL_TOOL) return hangUp(called, id, atMs);
  if (isTransition(now, name)) return transitionRequested(called, { id, name, arguments: fact.arguments }, atMs);
  const hasSpoken = (reply.say ?? reply.text) !== "";
  if (isUnderWay(now, fact)) return stay(answerRepeated(called, fact, hasSpoken, atMs));
  const next = isGoingInCircles(now) ? stay(giveUpCircling(called, fact, reply, atMs)) : run(called, fact, hasSpoken);
  return andThen(next, (running) => beginWait(running, hasSpoken));
}

export function toolFinished(now: Conversation, fact: Fact & { type: "tool-finished" }, atMs: number): Step {
  const tool = now.tools.find(({ id }) => id === fact.toolCallId);
  if (!tool) return stay(now);
  const isQuiet = fact.isQuiet === true || (fact.outcome === "succeeded" && isKeptAside(now, tool));
  return endWait(settleTool(now, { ...fact, isQuiet, atMs }));
}

/** A tool that acts on the call itself leaves it to the rules when, and what comes of it. */
export function toolOrdered(now: Conversation, fact: ToolOrdered, atMs: number): Step {
  const { toolCallId, order } = fact;
  const tool = now.tools.find(({ id }) => id === toolCallId);
  if (!tool || tool.isOrdered) return stay(now);
  if (now.phase.name === "ended") return stay(settleTool(now, { ...CALL_OVER, toolCallId, atMs }));
  const ordered = markOrdered(now, toolCallId);
  return andThen(endWait(ordered), (next) => {
    switch (order.type) {
      case "send-digits":
        return step(next, { type: "send-digits", toolCallId, digits: order.digits });
      case "end-call":
        return beginClosing(settleTool(next, { ...HANGING_UP, toolCallId, atMs }), {
          reason: order.reason ?? "agent-hung-up",
          isForGood: true,
          ...(order.say === undefined ? {} : { goodbye: order.say }),
        });
      case "pause-recording":
        return pauseRecording(settleTool(next, { ...RECORDING_PAUSED, toolCallId, atMs }));
      case "resume-recording":
        return resumeRecording(settleTool(next, { ...RECORDING_RESUMED, toolCallId, atMs }));
      case "transfer":
        return requestTransfer(next, order, atMs, toolCallId);
    }
  });
}

/** Without a server that it needs a call says so, and ends. */
export function toolServerFailed(now: Conversation, { isRequired, say }: Fact & { type: "tool-server-failed" }): Step {
  return isRequired ? beginClosing(now, { reason: "provider-failure", goodbye: say, isForGood: true }) : stay(now);
}

const CALL_OVER = { outcome: "failed", result: "The call was over." } as const;
const RECORDING_PAUSED = { outcome: "succeeded", result: "Nothing is recorded from now on." } as const;
const RECORDING_RESUMED = { outcome: "succeeded", result: "The recording goes on." } as const;
const HANGING_UP = { outcome: "succeeded", result: "", isQuiet: true } as const;
/** More than any chain of tools needs that leads somewhere. */
const MAX_TOOLS_WITHOUT_A_WORD = 12;
const CIRCLING = "The tool was not run: too many were, one after the other. Talk to the caller first.";
const REPEATED = "This very request is already being worked on. Don't repeat it: its result will follow.";

function run(now: Conversation, fact: ToolRequested, hasSpoken: boolean): Step {
  const { toolCallId: id, name, replyId, conduct } = fact;
  const isAsync = conduct?.isAsync === true;
  const waiting = isAsync ? { isAsync, fillers: [] } : { fillers: fillersOf(conduct, hasSpoken) };
  const next: Conversation = {
    ...now,
    tools: [...now.tools, { id, replyId, name, arguments: fact.arguments, ...waiting }],
    owed: isAsync && !hasSpoken ? { ...now.owed, answer: true } : now.owed,
  };
  return step(next, { type: "run-tool", toolCallId: id, name, arguments: fact.arguments });
}

/** What the model said itself stands for the first. */
function fillersOf(conduct: ToolRequested["conduct"], hasSpoken: boolean): readonly string[] {
  return (conduct?.fillers ?? []).slice(hasSpoken ? 1 : 0);
}

/** The model asks for the same thing again, under another id, before it has been told what came of it. */
function isUnderWay({ tools }: Conversation, fact: ToolRequested): boolean {
  const wanted = canonical(fact.arguments);
  return tools.some((tool) => tool.name === fact.name && canonical(tool.arguments) === wanted);
}

function answerRepeated(now: Conversation, fact: ToolRequested, hasSpoken: boolean, atMs: number): Conversation {
  const { toolCallId, name } = fact;
  const result = { role: "tool", toolCallId, name, outcome: "succeeded", result: REPEATED, atMs } as const;
  const owed = hasSpoken ? now.owed : { ...now.owed, answer: true };
  return { ...now, history: [...now.history, result], owed };
}

/** The model has had one tool run after the other, and the caller hasn't said a word since the first. */
function isGoingInCircles({ history }: Conversation): boolean {
  const lastSaid = history.findLastIndex(({ role }) => role === "caller");
  return history.slice(lastSaid + 1).filter(({ role }) => role === "tool").length >= MAX_TOOLS_WITHOUT_A_WORD;
}

/** A model that can't even be brought to say the apology is left alone until the caller speaks. */
function giveUpCircling(
  now: Conversation,
  { toolCallId, name }: ToolRequested,
  { say }: OpenReply,
  atMs: number,
): Conversation {
  const result = { role: "tool", toolCallId, name, outcome: "failed", result: CIRCLING, atMs } as const;
  const apology = now.owed.apology || say === undefined;
  return { ...now, history: [...now.history, result], owed: { ...now.owed, apology } };
}

function canonical(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return json;
  }
}

function markOrdered(now: Conversation, toolCallId: string): Conversation {
  const tools = now.tools.map((tool) =>
    tool.id === toolCallId ? { ...tool, isOrdered: true as const, fillers: [] } : tool,
  );
  return { ...now, tools };
}

/** What was kept beside words of the same reply: another reply would say them again. */
function isKeptAside(now: Conversation, { name, replyId }: RunningTool): boolean {
  if (name !== REMEMBER_TOOL) return false;
  const open = findOpenReply(now, replyId);
  return open === undefined ? heardText(now, replyId) !== "" : open.hasText === true;
}

function hangUp(now: Conversation, toolCallId: string, atMs: number): Step {
  const result = { role: "tool", toolCallId, name: END_CALL_TOOL, outcome: "succeeded", result: "", atMs } as const;
  const { endMessage } = now.rules;
  return beginClosing(
    { ...now, history: [...now.history, result] },
    { reason: "agent-hung-up", ...(endMessage === undefined ? {} : { goodbye: endMessage }) },
  );
}
