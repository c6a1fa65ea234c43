/** The model follows an edge by calling the tool of that edge; the rules carry it out themselves. */

import type { Conversation } from "../conversation.ts";
import type { ToolCall } from "../message.ts";
import { andThen, type Step, stay, step } from "../step.ts";
import { enterNode } from "./enter-node.ts";
import { type FlowEdge, type FlowState, GO_BACK_TOOL, GO_TO_PREFIX, MAX_REFUSALS } from "./flow-rules.ts";
import { canMove, presentNode } from "./follow-flow.ts";

export function isTransition({ flow }: Conversation, toolName: string): boolean {
  return flow !== undefined && (toolName.startsWith(GO_TO_PREFIX) || toolName === GO_BACK_TOOL);
}

/** `call` stands in the history already; its result follows at once. */
export function transitionRequested(now: Conversation, call: ToolCall, atMs: number): Step {
  const { flow } = now;
  if (flow === undefined || !canMove(now)) return stay(refuse(now, call, atMs));
  const node = presentNode(now);
  const edge = node?.edges.find(({ tool }) => tool === call.name);
  if (edge !== undefined) return follow(now, flow, { call, edge, atMs });
  if (call.name === GO_BACK_TOOL && flow.returnTo !== undefined)
    return goBack(accept(now, call, atMs), flow, flow.returnTo);
  return stay(refuse(now, call, atMs));
}

/** The model goes on from there once its reply is over, unless the node itself has something to say. */
function follow(
  now: Conversation,
  flow: FlowState,
  { call, edge, atMs }: { call: ToolCall; edge: FlowEdge; atMs: number },
): Step {
  const target = now.rules.flow?.nodes[edge.to];
  const isAside = target?.type === "conversation" && target.isGlobal === true;
  const returnTo = isAside ? { returnTo: flow.returnTo ?? flow.nodeId } : {};
  const because = `the model called ${call.name}`;
  return andThen(enterNode(accept(now, call, atMs), edge, { because, ...returnTo, atMs }), (inside) => {
    const mustSpeak = inside.phase.name === "open" && inside.owed.line === "";
    return stay(mustSpeak ? { ...inside, owed: { ...inside.owed, answer: true } } : inside);
  });
}

/** Goes on where the model was before; nothing is done or said a second time. */
function goBack(now: Conversation, { returnTo: _, ...flow }: FlowState, nodeId: string): Step {
  const node = now.rules.flow?.nodes[nodeId];
  const scene = node !== undefined && "scene" in node ? (node.scene ?? now.scene) : now.scene;
  return step(
    {
      ...now,
      scene,
      flow: { ...flow, nodeId, stageId: nodeId, moves: flow.moves + 1 },
      owed: { ...now.owed, answer: true },
    },
    { type: "enter-node", nodeId, because: `the model called ${GO_BACK_TOOL}` },
  );
}

/** The caller is answered all the same; where the model goes on asking, the caller is asked instead. */
function refuse(now: Conversation, call: ToolCall, atMs: number): Conversation {
  const told = giveResult(now, call, {
    outcome: "failed",
    result: "That step can't be taken from here. Go on with the caller.",
    atMs,
  });
  const { flow } = told;
  if (flow === undefined || told.phase.name !== "open") return told;
  const owed = flow.refusals < MAX_REFUSALS ? { answer: true } : { apology: true };
  return { ...told, flow: { ...flow, refusals: flow.refusals + 1 }, owed: { ...told.owed, ...owed } };
}

function accept(now: Conversation, call: ToolCall, atMs: number): Conversation {
  return giveResult(now, call, {
    outcome: "succeeded",
    result: "You are at the next step now: go on as it says.",
    atMs,
  });
}

function giveResult(
  now: Conversation,
  { id, name }: ToolCall,
  { outcome, result, atMs }: { outcome: "succeeded" | "failed"; result: string; atMs: number },
): Conversation {
  return { ...now, history: [...now.history, { role: "tool", toolCallId: id, name, outcome, result, atMs }] };
}
