/** Follows a call through its flow, and checks what its rules promise. */

import type { Conversation } from "../../conversation/conversation.ts";
import type { Effect } from "../../conversation/effect.ts";
import type { ConversationEvent } from "../../conversation/event.ts";
import type { FlowNode } from "../../conversation/flow/flow-rules.ts";
import { BrokenRule } from "./promises.ts";

/** More nodes in one step than this would be a circle. */
const MAX_IN_A_ROW = 60;

export class FlowWatch {
  #nodeId: string | undefined;
  #tasks = 0;
  #moves = 0;

  entered(effect: Effect & { type: "enter-node" }, event: ConversationEvent, before: Conversation): void {
    const { flow } = before.rules;
    const nodes = flow?.nodes ?? (event.type === "call-started" ? event.rules.flow?.nodes : undefined);
    const node = nodes?.[effect.nodeId];
    const from = this.#nodeId ?? "n0";
    if (node === undefined) throw new BrokenRule(6, `the flow is at "${effect.nodeId}", which is no node`);
    if (!isAllowed(nodes?.[from], effect)) throw new BrokenRule(6, `no edge leads from ${from} to ${effect.nodeId}`);
    if (before.phase.name === "ended") throw new BrokenRule(6, "the flow went on after the end");
    if (before.isMuted && event.type !== "agent-unmuted") throw new BrokenRule(6, "the flow of a muted agent went on");
    if (++this.#moves > MAX_IN_A_ROW) throw new BrokenRule(6, "the flow goes round in circles");
    const isTask = ["tool", "extract", "transfer", "hand-off"].includes(node.type);
    if (isTask && !effect.because.startsWith("stuck") && effect.because !== "the model called go_back") this.#tasks++;
    this.#nodeId = effect.nodeId;
  }

  /** Exactly one present node, and a stage in which the model can speak. */
  check({ flow, rules, scene }: Conversation, before: Conversation): void {
    this.#moves = 0;
    if (rules.flow === undefined || flow === undefined) return;
    if (flow.nodeId !== (this.#nodeId ?? rules.flow.entry))
      throw new BrokenRule(6, `the flow is at ${flow.nodeId}, the journal says ${this.#nodeId}`);
    const stage = rules.flow.nodes[flow.stageId];
    if (stage === undefined || !("scene" in stage)) throw new BrokenRule(6, `${flow.stageId} is no stage`);
    if (scene !== stage.scene) throw new BrokenRule(6, `the scene is ${scene} in the stage ${flow.stageId}`);
    if (flow.nodeId !== before.flow?.nodeId && flow.taskId === undefined && isWaiting(rules.flow.nodes[flow.nodeId]))
      throw new BrokenRule(6, `${flow.nodeId} waits for nothing`);
  }

  /** Each visit of a node has its tool run once. */
  checkAtEnd(toolRuns: readonly string[]): void {
    const runs = toolRuns.filter((id) => id.startsWith("flow-")).length;
    if (runs !== this.#tasks) throw new BrokenRule(7, `${this.#tasks} visits ran ${runs} tools`);
  }
}

function isAllowed(from: FlowNode | undefined, { nodeId, because }: Effect & { type: "enter-node" }): boolean {
  const isBack = because.startsWith("stuck") || because === "the caller goes on" || because.endsWith("go_back");
  if (isBack || from === undefined) return true;
  return from.edges.some(({ to, tool, when }) => {
    if (to !== nodeId) return false;
    if (because.startsWith("the model called")) return tool !== undefined;
    return because === "its condition is true" ? when !== undefined : when === undefined && tool === undefined;
  });
}

/** A node that neither speaks nor waits is left at once. */
function isWaiting(node: FlowNode | undefined): boolean {
  return node?.type === "condition";
}
