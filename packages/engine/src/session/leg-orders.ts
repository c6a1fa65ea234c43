/** Orders to the far end, and what came of them. */

import type { Effect } from "../conversation/effect.ts";
import type { Fact } from "../conversation/event.ts";
import type { TransferOutcome } from "../conversation/transfer-order.ts";
import type { CallLeg } from "../leg/call-leg.ts";
import type { Clock } from "./clock.ts";

/** A transfer that has come to nothing by then has failed. */
const TRANSFER_LIMIT_MS = 90_000;

type Line = { readonly leg: CallLeg; readonly clock: Clock; readonly post: (fact: Fact) => void };

export function sendDigits({ leg, post }: Line, { toolCallId, digits }: Effect & { type: "send-digits" }): void {
  const sent = { type: "tool-finished", toolCallId, outcome: "succeeded", isQuiet: true } as const;
  if (leg.can.sendDigits) {
    leg.sendDigits(digits);
    return post({ ...sent, result: `Sent the digits ${digits}. Wait for what the other side says.` });
  }
  const result = "The digits were not sent: the far end of this call hears no digits.";
  post({ type: "tool-finished", toolCallId, outcome: "failed", result });
}

export function transferCall(
  { leg, clock, post }: Line,
  { transferId, order }: Effect & { type: "transfer-call" },
): void {
  const finish = (outcome: TransferOutcome, message?: string) => {
    cancel();
    workDone();
    post({ type: "transfer-finished", transferId, outcome, ...(message === undefined ? {} : { message }) });
  };
  const workDone = clock.working();
  const cancel = clock.after(TRANSFER_LIMIT_MS, () => finish("no-answer"));
  if (!leg.can.transfer || !leg.transfer) return finish("not-supported");
  leg.transfer(order, {
    onProgress: (stage) => post({ type: "transfer-progressed", transferId, stage }),
    onFinished: finish,
  });
}
