import { AppError, invalidField } from "../app-error.ts";
import { findByNumber, findForAgent } from "../phone-numbers/find-phone-number.ts";
import type { PhoneNumber } from "../phone-numbers/phone-number.ts";
import { readPhoneNumber } from "../phone-numbers/read-phone-number.ts";
import type { PhoneNumberStore } from "../phone-numbers/store.ts";
import type { NewMessage } from "./message.ts";

type Named = Pick<NewMessage, "agentId" | "phoneNumberId" | "from">;

/**
 * The number that a message goes out from: the named one, the agent's, or the workspace's first.
 * @throws AppError `not_found` for a number of another workspace; `conflict` when it was released; `invalid_request`
 *   when there is none, or it isn't the agent's
 */
export async function findSender(
  phoneNumbers: PhoneNumberStore,
  workspaceId: string,
  { agentId, phoneNumberId, from }: Named,
): Promise<PhoneNumber> {
  const number = await findNamed(phoneNumbers, workspaceId, { phoneNumberId, from });
  if (number === undefined) return findUnnamed(phoneNumbers, workspaceId, agentId);
  if (number.status === "released") throw new AppError("conflict", `${number.phoneNumber} was released`);
  if (agentId !== undefined && number.agentId !== agentId)
    throw invalidField("agentId", `the agent doesn't have the number ${number.phoneNumber}: attach it first`);
  return number;
}

async function findNamed(
  phoneNumbers: PhoneNumberStore,
  workspaceId: string,
  { phoneNumberId, from }: Pick<Named, "phoneNumberId" | "from">,
): Promise<PhoneNumber | undefined> {
  if (phoneNumberId !== undefined) return readPhoneNumber(phoneNumbers, workspaceId, phoneNumberId);
  if (from === undefined) return undefined;
  const number = await findByNumber(phoneNumbers, from);
  if (number?.workspaceId === workspaceId) return number;
  throw new AppError("not_found", `there is no phone number "${from}"`);
}

async function findUnnamed(
  phoneNumbers: PhoneNumberStore,
  workspaceId: string,
  agentId: string | undefined,
): Promise<PhoneNumber> {
  if (agentId !== undefined) {
    const number = await findForAgent(phoneNumbers, workspaceId, agentId);
    if (number === undefined) throw invalidField("agentId", "the agent has no phone number: attach one first");
    return number;
  }
  const numbers = await phoneNumbers.list(workspaceId, { status: "active", limit: 100 });
  const first = numbers.at(-1);
  if (first === undefined) throw invalidField("from", "the workspace has no phone number: create one first");
  return first;
}
