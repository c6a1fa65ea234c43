/** What each kind of node does when it is entered. */

import type { Conversation } from "../conversation.ts";
import { beginClosing } from "../ending.ts";
import { andThen, type Step, stay, step } from "../step.ts";
import { joinWords } from "../words.ts";
import { beginTask } from "./begin-task.ts";
import { type FlowEdge, type FlowNode, type FlowState, HAND_OFF_TOOL, MAX_MOVES, TRANSFER_TOOL } from "./flow-rules.ts";
import { fillArguments, fillText, lookupIn } from "./known.ts";
import { giveUp } from "./stuck.ts";

/** `returnTo`: where a global node that is entered leads back to. */
export function enterNode(
  now: Conversation,
  edge: Pick<FlowEdge, "to" | "message">,
  { because, returnTo, atMs }: { because: string; returnTo?: string; atMs: number },
): Step {
  const node = now.rules.flow?.nodes[edge.to];
  const { flow } = now;
  if (node === undefined || flow === undefined) return giveUp(now, `there is no node "${edge.to}"`);
  if (flow.moves >= MAX_MOVES) return giveUp(now, `more than ${MAX_MOVES} nodes without a turn of the caller`);
  const { returnTo: before, taskId: _, ...rest } = flow;
  const back = returnTo ?? (isLocal(node) ? undefined : before);
  const moved: FlowState = {
    ...rest,
    nodeId: edge.to,
    moves: flow.moves + 1,
    ...(back === undefined ? {} : { returnTo: back }),
  };
  const line = fillText(joinWords(edge.message ?? "", node.firstLine ?? ""), lookupIn(now));
  const owed = { ...now.owed, line: joinWords(now.owed.line, line) };
  return andThen(step({ ...now, flow: moved, owed }, { type: "enter-node", nodeId: edge.to, because }), (inside) =>
    begin(inside, { flow: moved, node, atMs }),
  );
}

function begin(now: Conversation, { flow, node, atMs }: { flow: FlowState; node: FlowNode; atMs: number }): Step {
  switch (node.type) {
    case "conversation": {
      const answer = now.owed.line === "" && !isSpeaking(now) ? true : now.owed.answer;
      return stay({
        ...now,
        scene: node.scene,
        flow: { ...flow, stageId: flow.nodeId },
        owed: { ...now.owed, answer },
      });
    }
    case "condition":
      return stay(now);
    case "tool":
      return orderTool(now, node.name, fillArguments(node.arguments, lookupIn(now)), atMs);
    case "extract":
      return beginTask(now, { variables: node.variables }, atMs);
    case "transfer":
      return orderTool(now, TRANSFER_TOOL, { destination: fillText(node.destination, lookupIn(now)) }, atMs);
    case "hand-off":
      return orderTool(now, HAND_OFF_TOOL, { agentId: node.agentId }, atMs);
    case "end": {
      const { line } = now.owed;
      const silent = { ...now, owed: { ...now.owed, line: "" } };
      return beginClosing(silent, { reason: "agent-hung-up", ...(line === "" ? {} : { goodbye: line }) });
    }
  }
}

function orderTool(now: Conversation, name: string, given: unknown, atMs: number): Step {
  return beginTask(now, { name, arguments: JSON.stringify(given) }, atMs);
}

/** Only global nodes, and what they have done, lead back. */
function isLocal(node: FlowNode): boolean {
  return node.type === "conversation" && !node.isGlobal;
}

/** The caller hears an answer already, from before the move. */
function isSpeaking({ agent }: Conversation): boolean {
  return agent.state === "talking" && agent.reply.purpose === "answer";
}
