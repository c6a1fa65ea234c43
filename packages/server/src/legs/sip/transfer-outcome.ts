import type { TransferOutcome } from "@earshot/engine";
import { type CallOutcome, outcomeOf, type TransferOutcome as ReferOutcome } from "@earshot/telephony";

/** How a transfer came out that the far end was asked to make, and more in words. */
export type Referred = { readonly outcome: TransferOutcome; readonly message?: string };

const TRIED: Readonly<Partial<Record<CallOutcome, TransferOutcome>>> = {
  busy: "busy",
  no_answer: "no-answer",
  rejected: "rejected",
  unreachable: "unreachable",
  unknown_number: "unreachable",
};
/** The far end can't, or may not, call others for us. */
const CANT = new Set([403, 405, 420, 501, 603]);

/** Whoever took the transfer on and hung up has left, most likely for the new party. */
export function toReferred(outcome: ReferOutcome): Referred {
  switch (outcome.kind) {
    case "succeeded":
    case "unconfirmed":
      return { outcome: "answered" };
    case "failed": {
      const message = `${outcome.status} ${outcome.reason}`;
      if (outcome.stage === "tried") return { outcome: TRIED[outcomeOf(outcome.status)] ?? "failed", message };
      return { outcome: CANT.has(outcome.status) ? "not-supported" : "failed", message };
    }
    case "timed-out":
      return { outcome: "no-answer" };
    case "impossible":
      return { outcome: "failed", message: outcome.reason };
  }
}
