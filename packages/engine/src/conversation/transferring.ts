/** Transfers: what is announced is said, then the far end is handed over; a failure comes back to the agent. */

import type { Conversation } from "./conversation.ts";
import { endCall } from "./ending.ts";
import type { Fact } from "./event.ts";
import { andThen, type Step, stay, step } from "./step.ts";
import { clearTimer } from "./timers.ts";
import { settleTool } from "./tool-result.ts";
import type { TransferOrder, TransferOutcome } from "./transfer-order.ts";
import { joinWords } from "./words.ts";

/** @param toolCallId the tool that wants it; none: somebody outside the call */
export function requestTransfer(now: Conversation, order: TransferOrder, atMs: number, toolCallId?: string): Step {
  const refusal = now.phase.name !== "open" ? "the call is ending" : now.transfer && "another transfer is under way";
  if (refusal !== undefined) return stay(refuse(now, refusal, atMs, toolCallId));
  const id = `transfer-${now.count.transfers + 1}`;
  const asker = toolCallId === undefined ? {} : { toolCallId };
  return stay({
    ...now,
    transfer: { id, order, ...asker, state: "announced" },
    owed: { ...now.owed, announcement: joinWords(now.owed.announcement, order.say ?? "") },
    count: { ...now.count, transfers: now.count.transfers + 1 },
  });
}

/** Both floors are free, and what was to be said before it has been said. */
export function beginTransfer(now: Conversation, transfer: NonNullable<Conversation["transfer"]>): Step {
  const { id: transferId, order } = transfer;
  const underWay: Conversation = { ...now, transfer: { ...transfer, state: "under-way" } };
  return andThen(clearTimer(underWay, "silence"), (next) => step(next, { type: "transfer-call", transferId, order }));
}

export function transferFinished(now: Conversation, fact: Fact & { type: "transfer-finished" }, atMs: number): Step {
  const { transfer } = now;
  if (transfer?.id !== fact.transferId || transfer.state !== "under-way") return stay(now);
  if (fact.outcome === "answered") return endCall(now, "transferred", atMs);
  const told = tell(fact.outcome, transfer.order.destination, fact.message);
  const back: Conversation = { ...now, transfer: undefined };
  if (transfer.toolCallId !== undefined)
    return stay(settleTool(back, { toolCallId: transfer.toolCallId, outcome: "failed", result: told, atMs }));
  return stay({
    ...back,
    history: [...back.history, { role: "instruction", text: told, atMs }],
    owed: { ...back.owed, answer: true },
  });
}

function refuse(now: Conversation, why: string, atMs: number, toolCallId: string | undefined): Conversation {
  const result = `The call was not transferred: ${why}.`;
  return toolCallId === undefined ? now : settleTool(now, { toolCallId, outcome: "failed", result, atMs });
}

const REASONS: Readonly<Record<Exclude<TransferOutcome, "answered">, string>> = {
  busy: "the line is busy",
  "no-answer": "nobody answered",
  rejected: "it was rejected",
  unreachable: "it can't be reached",
  "not-supported": "this call can't be transferred",
  failed: "it failed",
};

function tell(outcome: Exclude<TransferOutcome, "answered">, destination: string, message: string | undefined): string {
  const why = message === undefined ? "" : ` (${message})`;
  return `The call was not transferred to ${destination}: ${REASONS[outcome]}${why}. The caller is still on the line.`;
}
