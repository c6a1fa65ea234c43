import { AppError } from "../app-error.ts";
import type { PhoneNumberDeps } from "./create-phone-number.ts";
import type { PhoneNumber } from "./phone-number.ts";
import { readPhoneNumber } from "./read-phone-number.ts";
import { updatePhoneNumber } from "./update-phone-number.ts";

type Attachment = { readonly id: string; readonly agentId: string };

/** Makes an agent answer the number, whoever did before. @throws AppError `not_found`, `conflict` when it was released */
export function attachPhoneNumber(
  deps: PhoneNumberDeps,
  workspaceId: string,
  { id, agentId }: Attachment,
): Promise<PhoneNumber> {
  return updatePhoneNumber(deps, workspaceId, { id, patch: { agentId } });
}

/** Nobody answers the number any more. @throws AppError `not_found`, also when another agent answers it */
export async function detachPhoneNumber(
  deps: PhoneNumberDeps,
  workspaceId: string,
  { id, agentId }: Attachment,
): Promise<PhoneNumber> {
  const number = await readPhoneNumber(deps.phoneNumbers, workspaceId, id);
  if (number.agentId !== agentId)
    throw new AppError("not_found", `agent "${agentId}" doesn't answer phone number "${id}"`);
  return updatePhoneNumber(deps, workspaceId, { id, patch: { agentId: null } });
}
