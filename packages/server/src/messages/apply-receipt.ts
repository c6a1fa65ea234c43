import type { CarrierReceipt } from "../carriers/carrier-messages.ts";
import type { WallClock } from "../wall-clock.ts";
import type { Message } from "./message.ts";
import type { MessageStore } from "./store.ts";

/** Receipts come in any order and more than once: a message never goes back. */
const RANK: Readonly<Record<Message["status"], number>> = { queued: 0, sent: 1, failed: 2, delivered: 3, received: 4 };

/** Notes what a carrier says became of a message. False when it brings no such message. */
export async function applyReceipt(
  { messages, clock }: { readonly messages: MessageStore; readonly clock: WallClock },
  accountId: string,
  { messageId, receipt }: { readonly messageId: string; readonly receipt: CarrierReceipt },
): Promise<boolean> {
  const message = await messages.findAnywhere(messageId);
  const isOurs = message?.direction === "outbound" && message.delivery?.accountId === accountId;
  const isIt = message?.carrierMessageId === undefined || message.carrierMessageId === receipt.id;
  if (!isOurs || !isIt) return false;
  const { status, text, code } = receipt;
  if (status === undefined) return true;
  await messages.change(
    messageId,
    ({ error: before, ...current }) => {
      if (RANK[status] <= RANK[current.status]) return undefined;
      const isFailed = status === "failed";
      const error = isFailed ? (text ?? before) : undefined;
      return {
        ...current,
        ...{ status, carrierMessageId: receipt.id },
        ...(error === undefined ? {} : { error }),
        delivery: { ...current.delivery, ...(isFailed && code !== undefined ? { code } : {}) },
      };
    },
    clock.now(),
  );
  return true;
}
