import type { Conversation } from "../conversation.ts";
import { type Step, stay, step } from "../step.ts";

/**
 * Goes back to where the model spoke last, and has it answer from there; the flow rests until the caller has taken a
 * turn. A problem stands in the journal.
 */
export function giveUp(now: Conversation, problem?: string): Step {
  const { flow, rules } = now;
  if (flow === undefined) return stay(now);
  const stage = rules.flow?.nodes[flow.stageId];
  const scene = stage !== undefined && "scene" in stage ? (stage.scene ?? now.scene) : now.scene;
  const next: Conversation = {
    ...now,
    scene,
    flow: { ...flow, nodeId: flow.stageId, isResting: true },
    owed: { ...now.owed, answer: true },
  };
  const because = problem === undefined ? "the caller goes on" : `stuck in "${flow.nodeId}": ${problem}`;
  return step(next, { type: "enter-node", nodeId: flow.stageId, because });
}
