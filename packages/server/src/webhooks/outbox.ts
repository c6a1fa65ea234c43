import type { Transaction } from "../storage/database.ts";
import type { NewDomainEvent } from "./domain-event.ts";
import { recordEvents } from "./store.ts";

/** Where stores leave what happened, in the transaction that made it happen. */
export interface Outbox {
  record(transaction: Pick<Transaction, "execute">, events: readonly NewDomainEvent[]): Promise<void>;
  /** To be called after the commit. */
  wake(): void;
}

/** @param options `wake`: has the deliveries sent; without it they wait for the dispatcher's next look */
export function createOutbox(options: { readonly wake?: () => void } = {}): Outbox {
  return {
    async record(transaction, events) {
      await recordEvents(transaction, events);
    },
    wake: options.wake ?? (() => {}),
  };
}
