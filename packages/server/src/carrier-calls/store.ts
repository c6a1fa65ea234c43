import type { Database } from "../storage/database.ts";
import { withoutParameters } from "../storage/query-error.ts";
import { carrierCalls } from "../storage/schema.ts";

/** Which calls carriers have told of. Their webhooks are signed for good: whoever has seen one can send it again. */
export interface CarrierCallStore {
  /** Whether it is told for the first time, to whichever node; every time after that it isn't. */
  isFirstTold(accountId: string, carrierCallId: string, at: Date): Promise<boolean>;
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
  });
}
