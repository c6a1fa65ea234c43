/**
 * Walks a call through its flow. A node of the type conversation is a stage: there the model speaks, until an edge leads
 * on. All other nodes do one thing and are left at once, or when their task is done; the stage stays the newest one.
 *
 *   stage --condition true, or the model calls the edge's tool--> node --task done, edge open--> … --> stage or end
 *     ^----------------------- no way on: the reason is in the journal --------------'
 */

import type { Conversation } from "../conversation.ts";
import { dropDraft } from "../drafting.ts";
import { stopReply } from "../replying.ts";
import type { Rules } from "../rules.ts";
import { andThen, type Step, stay } from "../step.ts";
import { enterNode } from "./enter-node.ts";
import { isTrue } from "./expression.ts";
import type { FlowEdge, FlowNode, FlowState } from "./flow-rules.ts";
import { lookupIn } from "./known.ts";
import { giveUp } from "./stuck.ts";

/** A call with a flow begins in its entry. */
export function beginFlow({ flow }: Rules): { readonly flow?: FlowState; readonly scene?: string } {
  const entry = flow?.nodes[flow.entry];
  if (flow === undefined || entry?.type !== "conversation") return {};
  const nodeId = flow.entry;
  return {
    flow: { nodeId, stageId: nodeId, digits: "", moves: 0, isResting: false, refusals: 0, tasks: 0 },
    scene: entry.scene,
  };
}

/** Follows edges that are open now, one after the other. Runs after every fact. */
export function followFlow(now: Conversation, atMs: number): Step {
  const walked = walk(now, atMs);
  return walked.now.flow === now.flow ? walked : andThen(walked, dropDraft);
}

function walk(now: Conversation, atMs: number): Step {
  const node = presentNode(now);
  if (node === undefined || !canMove(now)) return stay(now);
  const edge = findOpenEdge(now, node);
  if (edge === undefined) return stayOrGiveUp(now, node);
  const because = edge.when === undefined ? "nothing else to do" : "its condition is true";
  return andThen(makeRoom(now, node), (free) =>
    andThen(enterNode(free, edge, { because, atMs }), (next) => walk(next, atMs)),
  );
}

/** The caller's turn is over: the flow may move again, and knows what was keyed. */
export function takeTurnInFlow(now: Conversation, words: string): Conversation {
  if (now.flow === undefined) return now;
  const keyed = /pressed((?: [0-9*#])+)/.exec(words)?.[1]?.replace(/[ #]/g, "");
  return { ...now, flow: { ...now.flow, moves: 0, refusals: 0, isResting: false, digits: keyed ?? now.flow.digits } };
}

/** Somebody else has taken over the call: its flow is over. */
export function enterScene(now: Conversation, sceneId: string): Step {
  const { flow: _, ...free } = now;
  return dropDraft({ ...free, scene: sceneId });
}

export function presentNode({ rules, flow }: Conversation): FlowNode | undefined {
  return flow === undefined ? undefined : rules.flow?.nodes[flow.nodeId];
}

/** It waits for nothing, and somebody is there to move for. */
export function canMove({ flow, phase, isMuted, farEnd }: Conversation): boolean {
  if (farEnd?.who === "machine") return false;
  return flow !== undefined && flow.taskId === undefined && !flow.isResting && phase.name === "open" && !isMuted;
}

function findOpenEdge(now: Conversation, node: FlowNode): FlowEdge | undefined {
  const lookup = lookupIn(now);
  const byCondition = node.edges.find(({ when }) => when !== undefined && isTrue(when, lookup));
  return byCondition ?? node.edges.find(({ when, tool }) => when === undefined && tool === undefined);
}

function stayOrGiveUp(now: Conversation, node: FlowNode): Step {
  if (node.type === "conversation") return stay(now);
  if (node.type === "tool" && node.scene !== undefined) return decideIn(now, node.scene);
  if (node.type === "end") return giveUp(now);
  return giveUp(now, "no edge leads on from here");
}

/** The model chooses the way from a tool's node, which is the stage until then. */
function decideIn(now: Conversation, scene: string): Step {
  const { flow } = now;
  if (flow === undefined || flow.stageId === flow.nodeId) return stay(now);
  return stay({ ...now, scene, flow: { ...flow, stageId: flow.nodeId } });
}

/** A reply that nobody hears yet would come from the stage that is left. */
function makeRoom(now: Conversation, node: FlowNode): Step {
  const { agent } = now;
  if (node.type !== "conversation" || agent.state !== "preparing" || agent.reply.purpose !== "answer") return stay(now);
  return stopReply(now);
}
