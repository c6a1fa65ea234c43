import { AppError } from "../app-error.ts";
import type { PhoneNumberDeps } from "./create-phone-number.ts";
import type { PhoneNumber } from "./phone-number.ts";
import { phoneNumberNotFound } from "./read-phone-number.ts";

/**
 * Gives the number up for good: anybody may take it next, as another one. Its calls and messages stay.
 * @throws AppError `not_found`; `conflict` when it was released before
 */
export async function releasePhoneNumber(
  { phoneNumbers, clock }: PhoneNumberDeps,
  workspaceId: string,
  id: string,
): Promise<PhoneNumber> {
  const releasedAt = clock.now().toISOString();
  const released = await phoneNumbers.update(workspaceId, id, (current) => {
    if (current.status === "released") throw new AppError("conflict", `${current.phoneNumber} was released before`);
    const { agentId: _, workflowId: __, ...rest } = current;
    return { ...rest, status: "released", updatedAt: releasedAt, releasedAt };
  });
  if (released === undefined) throw phoneNumberNotFound(id);
  return released;
}
