import { AppError } from "../app-error.ts";
import { CarrierError, toCarrierProblem } from "../carriers/carrier-error.ts";
import { openCarrierNumbers } from "../carriers/open-carrier-numbers.ts";
import type { CarrierNumberDeps } from "./carrier-deps.ts";
import type { PhoneNumber } from "./phone-number.ts";
import { phoneNumberNotFound, readPhoneNumber } from "./read-phone-number.ts";

type Deps = Pick<CarrierNumberDeps, "phoneNumbers" | "clock" | "findCarrierAccount" | "carrierGuard">;

/**
 * Gives the number up for good: anybody may take it next, as another one. Its calls and messages stay.
 * @param options `isKeptAtCarrier`: the carrier's account keeps it. Default: unless it was bought here
 * @throws AppError `not_found`; `conflict` when it was released before; `carrier_refused`, `carrier_unreachable`: it stays
 */
export async function releasePhoneNumber(
  deps: Deps,
  workspaceId: string,
  id: string,
  options: { readonly isKeptAtCarrier?: boolean | undefined } = {},
): Promise<PhoneNumber> {
  const number = await readPhoneNumber(deps.phoneNumbers, workspaceId, id);
  refuseReleased(number);
  const { isKeptAtCarrier = number.carrierNumber?.isBought !== true } = options;
  if (!isKeptAtCarrier) await giveBack(deps, number);
  const releasedAt = deps.clock.now().toISOString();
  const released = await deps.phoneNumbers.update(workspaceId, id, (current) => {
    refuseReleased(current);
    const { agentId: _, workflowId: __, ...rest } = current;
    return { ...rest, status: "released", updatedAt: releasedAt, releasedAt };
  });
  if (released === undefined) throw phoneNumberNotFound(id);
  return released;
}

function refuseReleased({ status, phoneNumber }: PhoneNumber): void {
  if (status === "released") throw new AppError("conflict", `${phoneNumber} was released before`);
}

/** First at the carrier: a number that is still paid for must still be seen here. */
async function giveBack(deps: Deps, { carrierAccountId, carrierNumber, phoneNumber }: PhoneNumber): Promise<void> {
  if (carrierAccountId === undefined || carrierNumber === undefined) return;
  const access = await deps.findCarrierAccount(carrierAccountId);
  if (access === undefined) return;
  try {
    const numbers = openCarrierNumbers(access, { guard: deps.carrierGuard, clock: deps.clock });
    await numbers.release({ id: carrierNumber.id, phoneNumber });
  } catch (error) {
    if (error instanceof CarrierError && error.kind === "not_found") return;
    throw toCarrierProblem(error);
  }
}
