import type { AvailableNumber, NumberCapability } from "../carriers/carrier-numbers.ts";
import { askCarrier, type CarrierNumberDeps, openAccount } from "./carrier-deps.ts";
import type { AvailableQuery } from "./carrier-number-shapes.ts";

/** Numbers that the account's carrier sells. @throws AppError `not_found`, `carrier_refused`, `carrier_unreachable` */
export async function searchAvailable(
  deps: CarrierNumberDeps,
  workspaceId: string,
  { carrierAccountId, capabilities, ...search }: AvailableQuery,
): Promise<AvailableNumber[]> {
  const { numbers } = await openAccount(deps, workspaceId, carrierAccountId);
  const wanted = [...new Set(capabilities.split(","))] as NumberCapability[];
  return askCarrier(() => numbers.search({ ...search, capabilities: wanted }));
}
