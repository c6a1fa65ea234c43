import type { OwnedNumber } from "../carriers/carrier-numbers.ts";
import { newId } from "../new-id.ts";
import type { WallClock } from "../wall-clock.ts";
import { parsePhoneNumber } from "./parse-phone-number.ts";
import type { NewPhoneNumber, PhoneNumber } from "./phone-number.ts";

export type CarrierNumberSettings = Pick<
  NewPhoneNumber,
  "name" | "agentId" | "workflowId" | "contactCard" | "metadata"
>;

/** A number that a carrier brings calls and messages of. */
export function toCarrierPhoneNumber(
  owned: OwnedNumber,
  options: {
    readonly workspaceId: string;
    readonly carrierAccountId: string;
    readonly isBought: boolean;
    readonly settings: CarrierNumberSettings;
    readonly at: ReturnType<WallClock["now"]>;
  },
): PhoneNumber {
  const { workspaceId, carrierAccountId, isBought, at } = options;
  const { name, agentId, workflowId, contactCard, metadata } = options.settings;
  const parsed = parsePhoneNumber(owned.phoneNumber);
  return {
    id: newId("num", at.getTime()),
    workspaceId,
    phoneNumber: parsed?.phoneNumber ?? owned.phoneNumber,
    country: parsed?.country ?? "US",
    source: "carrier",
    status: "active",
    carrierAccountId,
    carrierNumber: { id: owned.id, isBought },
    ...(name === undefined ? {} : { name }),
    ...(agentId === undefined ? {} : { agentId }),
    ...(workflowId === undefined ? {} : { workflowId }),
    ...(contactCard === undefined ? {} : { contactCard }),
    metadata,
    sent: {},
    createdAt: at.toISOString(),
    updatedAt: at.toISOString(),
  };
}
