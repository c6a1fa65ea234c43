/** What the history must be, whatever happened: rules 5 and 7. */

import type { Utterance } from "../../conversation/conversation.ts";

/** A reply as the world saw it. */
export type SpokenReply = {
  readonly id: string;
  readonly purpose: string;
  /** Its words were given by the rules, not by a model. */
  readonly isScripted: boolean;
  state: "preparing" | "talking" | "stopping" | "over";
  readonly generated: string[];
  readonly heard: string[];
};

export class BrokenRule extends Error {
  constructor(rule: number, message: string) {
    super(`rule ${rule}: ${message}`);
    this.name = "BrokenRule";
  }
}

/** Rule 5: the agent's messages are what was played, no more and no less. */
export function checkHeard(history: readonly Utterance[], replies: readonly SpokenReply[]): void {
  for (const reply of replies) {
    const said = history.filter((line): line is Utterance & { role: "agent" } => line.replyId === reply.id);
    const kept = said.map((line) => line.text).join("|");
    const heard = reply.heard.join(" ");
    if (kept !== heard) throw new BrokenRule(5, `${reply.id}: heard "${heard}", kept "${kept}"`);
    if (reply.state !== "over") continue;
    const isCut = reply.heard.length < reply.generated.length && reply.heard.length > 0;
    if (isCut !== said.some((line) => line.wasCutOff && line.text !== ""))
      throw new BrokenRule(5, `${reply.id}: wrong mark of a cut`);
  }
}

/** Rules 5 and 7, once everything is over. */
export function checkAtEnd(history: readonly Utterance[], toolRuns: readonly string[]): void {
  for (const toolCallId of toolRuns) {
    const results = history.filter((line) => line.role === "tool" && line.toolCallId === toolCallId);
    if (results.length !== 1)
      throw new BrokenRule(7, `${toolCallId} ran and has ${results.length} results in the history`);
  }
  const empty = history.some((line) => line.role === "agent" && line.text === "" && !line.toolCalls);
  if (empty) throw new BrokenRule(5, "an agent's message without a word stayed in the history");
}
