import type { AgentNumber, StoredAgent } from "../../../agents/stored-agent.ts";
import { AppError } from "../../../app-error.ts";
import { attachPhoneNumber, detachPhoneNumber } from "../../../phone-numbers/attach-phone-number.ts";
import { createPhoneNumber, type PhoneNumberDeps } from "../../../phone-numbers/create-phone-number.ts";
import { parsePhoneNumber } from "../../../phone-numbers/parse-phone-number.ts";
import { newPhoneNumberShape } from "../../../phone-numbers/phone-number.ts";

/**
 * Checks which numbers an agent is to answer, before anything is changed.
 * @returns has the agent answer these and no others, making local numbers of those that aren't there yet
 * @throws AppError `invalid_request` for what is no number, `conflict` for numbers of other workspaces
 */
export async function routeNumbers(
  deps: PhoneNumberDeps,
  workspaceId: string,
  wanted: readonly string[],
): Promise<(agent: StoredAgent) => Promise<readonly AgentNumber[]>> {
  const numbers = [...new Set(wanted.map(toNumber))];
  const existing = new Map((await deps.phoneNumbers.findAllActive(numbers)).map((found) => [found.phoneNumber, found]));
  for (const [index, number] of numbers.entries()) {
    const found = existing.get(number);
    if (found !== undefined && found.workspaceId !== workspaceId)
      throw wrong("conflict", index, `${number} is in use on this installation already`);
  }
  return async ({ agent: { id: agentId }, numbers: before }) => {
    for (const { id, phoneNumber } of before)
      if (!numbers.includes(phoneNumber)) await detachPhoneNumber(deps, workspaceId, { id, agentId });
    const routed: AgentNumber[] = [];
    for (const phoneNumber of numbers) {
      const found = existing.get(phoneNumber);
      if (found === undefined) {
        const made = newPhoneNumberShape.parse({ phoneNumber, agentId });
        routed.push(await createPhoneNumber(deps, workspaceId, made));
      } else if (found.agentId === agentId) routed.push(found);
      else routed.push(await attachPhoneNumber(deps, workspaceId, { id: found.id, agentId }));
    }
    return routed;
  };
}

function toNumber(text: string, index: number): string {
  const parsed = parsePhoneNumber(text);
  if (parsed === undefined) throw wrong("invalid_request", index, `"${text}" is a number that nobody can have`);
  return parsed.phoneNumber;
}

function wrong(code: "invalid_request" | "conflict", index: number, message: string): AppError {
  const path = `phone_numbers.${index}`;
  return new AppError(code, `${path}: ${message}`, { details: { errors: [{ path, message }] } });
}
