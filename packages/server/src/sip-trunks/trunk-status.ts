import { z } from "zod";

export const trunkStatusShape = z
  .object({
    registration: z.enum(["off", "registering", "registered", "failed"]),
    registrationError: z.string().optional().describe("Why it failed, with the provider's status where there is one."),
    registeredUntil: z.iso.datetime().optional(),
    isUp: z.boolean().describe("False after two unanswered OPTIONS or calls in a row."),
    lastError: z.string().optional().describe("Of the last call or OPTIONS that the trunk did not take."),
    lastErrorAt: z.iso.datetime().optional(),
    liveCalls: z.number().int(),
  })
  .meta({
    id: "SipTrunkStatus",
    description: "How this node sees the trunk; absent on a node without telephone calls.",
  });

export type TrunkStatus = z.infer<typeof trunkStatusShape>;

/** What looks after the trunks of this node. */
export interface TrunkWatch {
  /** Undefined where there are no telephone calls. */
  statusOf(trunkId: string): TrunkStatus | undefined;
  /** Trunks have been written: resolves once that is in effect here. */
  changed(): Promise<void>;
}
