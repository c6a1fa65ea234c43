import { invalidField } from "../app-error.ts";
import { newId } from "../new-id.ts";
import { type AddedNumbers, MAX_RANGE, type NumberRangeInput } from "./carrier-number-shapes.ts";
import type { PhoneNumberDeps } from "./create-phone-number.ts";
import { parsePhoneNumber } from "./parse-phone-number.ts";
import type { PhoneNumber } from "./phone-number.ts";
import { requireParts } from "./require-parts.ts";

/**
 * Adds all numbers of a trunk from one to another. Those in use here are told and skipped, as is what can't be a number.
 * @throws AppError `invalid_request` for a range that goes down or is too long; `not_found`
 */
export async function addRange(
  deps: PhoneNumberDeps,
  workspaceId: string,
  { from, to, ...settings }: NumberRangeInput,
): Promise<AddedNumbers<PhoneNumber>> {
  await requireParts(deps, workspaceId, settings);
  const all = enumerate(from, to);
  const data: PhoneNumber[] = [];
  const skipped: { phoneNumber: string; reason: string }[] = [];
  for (const phoneNumber of all) {
    const parsed = parsePhoneNumber(phoneNumber);
    if (parsed === undefined) {
      skipped.push({ phoneNumber, reason: "nobody can have that number" });
      continue;
    }
    const number = toTrunkNumber(deps, { workspaceId, ...parsed }, settings);
    if (await deps.phoneNumbers.insert(number)) data.push(number);
    else skipped.push({ phoneNumber, reason: "it is in use on this installation already" });
  }
  return { data, skipped };
}

/** Digits count as one whole number: E.164 has fifteen at most. */
function enumerate(from: string, to: string): string[] {
  const [first = "", last = ""] = [from, to].map((text) => parsePhoneNumber(text)?.phoneNumber.slice(1));
  if (first.length !== last.length) throw invalidField("to", "must have as many digits as `from`");
  const count = Number(last) - Number(first) + 1;
  if (count < 1) throw invalidField("to", "must not be lower than `from`");
  if (count > MAX_RANGE) throw invalidField("to", `must be at most ${MAX_RANGE - 1} above \`from\``);
  return Array.from({ length: count }, (_, index) => `+${Number(first) + index}`);
}

function toTrunkNumber(
  { clock }: PhoneNumberDeps,
  number: { readonly workspaceId: string; readonly phoneNumber: string; readonly country?: string },
  { name, agentId, workflowId, contactCard, ...settings }: Omit<NumberRangeInput, "from" | "to">,
): PhoneNumber {
  const at = clock.now();
  return {
    country: "US",
    ...number,
    ...settings,
    id: newId("num", at.getTime()),
    source: "trunk",
    status: "active",
    ...(name === undefined ? {} : { name }),
    ...(agentId === undefined ? {} : { agentId }),
    ...(workflowId === undefined ? {} : { workflowId }),
    ...(contactCard === undefined ? {} : { contactCard }),
    sent: {},
    createdAt: at.toISOString(),
    updatedAt: at.toISOString(),
  };
}
