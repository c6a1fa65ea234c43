import { lt } from "drizzle-orm";
import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { carrierCalls } from "../storage/schema.ts";

/**
 * Calls are remembered for so long. Those of Telnyx and Vonage are refused by their age long before; one of Twilio or Plivo
 * that is recorded and sent again after it rings an agent for 15 s whom nobody talks to, and is remembered again.
 */
export const CARRIER_CALLS_LAST_MS = 90 * 86_400_000;

/** Which calls carriers have told of. Some sign their webhooks for good: whoever has seen one can send it again. */
export interface CarrierCallStore {
  /** Whether it is told for the first time, to whichever node; every time after that it isn't. */
  isFirstTold(accountId: string, carrierCallId: string, at: Date): Promise<boolean>;
  /** Forgets calls that were told of before. @returns how many */
  expire(before: Date): Promise<number>;
}

export function createCarrierCallStore({ drizzle }: Database): CarrierCallStore {
  return withoutParameters<CarrierCallStore>({
    async isFirstTold(accountId, carrierCallId, at) {
      const added = await drizzle
        .insert(carrierCalls)
        .values({ accountId, carrierCallId, createdAt: at })
        .onConflictDoNothing()
        .returning({ accountId: carrierCalls.accountId });
      return added.length === 1;
    },

    async expire(before) {
      const deleted = await drizzle.delete(carrierCalls).where(lt(carrierCalls.createdAt, before));
      return deleted.rowCount ?? 0;
    },
  });
}
