import { randomInt } from "node:crypto";
import type { AgentStore } from "../agents/store.ts";
import type { SentByDialect } from "../agents/stored-agent.ts";
import { AppError, invalidField } from "../app-error.ts";
import type { DocumentStore } from "../documents/store.ts";
import { newId } from "../new-id.ts";
import type { Vault } from "../secrets/vault.ts";
import type { WallClock } from "../wall-clock.ts";
import { fictitiousRanges, type NumberRange } from "./fictitious-ranges.ts";
import { parsePhoneNumber } from "./parse-phone-number.ts";
import type { NewPhoneNumber, PhoneNumber } from "./phone-number.ts";
import { requireParts } from "./require-parts.ts";
import { sealSoftphonePassword } from "./softphone-password.ts";
import type { PhoneNumberStore } from "./store.ts";

export type PhoneNumberDeps = {
  readonly phoneNumbers: PhoneNumberStore;
  readonly agents: AgentStore;
  readonly documents: DocumentStore;
  readonly clock: WallClock;
  readonly vault: Vault;
};

const RANDOM_DRAWS = 8;
const MAX_DRAWS_A_RANGE = 1000;

/**
 * Adds the given number, or draws one from a range that no subscriber has.
 * @throws AppError `conflict` when it is in use on this installation, or all of the area are; `invalid_request`;
 *   `not_found` for an agent, workflow or trunk of another workspace
 */
export async function createPhoneNumber(
  deps: PhoneNumberDeps,
  workspaceId: string,
  input: NewPhoneNumber & { readonly sent?: SentByDialect },
): Promise<PhoneNumber> {
  await requireParts(deps, workspaceId, input);
  const now = deps.clock.now();
  const { areaCode: _, phoneNumber: given, sent = {}, softphonePassword, ...settings } = input;
  const { sealedSoftphonePassword } = sealSoftphonePassword(deps.vault, softphonePassword);
  const at = now.toISOString();
  const make = (number: { readonly phoneNumber: string; readonly country: string }): PhoneNumber => ({
    ...withoutAbsent(settings),
    ...(typeof sealedSoftphonePassword === "string" ? { sealedSoftphonePassword } : {}),
    ...number,
    id: newId("num", now.getTime()),
    workspaceId,
    source: settings.sipTrunkId === undefined ? "local" : "trunk",
    status: "active",
    metadata: settings.metadata,
    sent,
    createdAt: at,
    updatedAt: at,
  });
  if (given === undefined) return draw(deps.phoneNumbers, input, make);
  const parsed = parsePhoneNumber(given);
  if (parsed === undefined) throw invalidField("phoneNumber", "must be a phone number in E.164, such as +12125550100");
  const number = make({ phoneNumber: parsed.phoneNumber, country: parsed.country ?? settings.country });
  if (await deps.phoneNumbers.insert(number)) return number;
  throw new AppError("conflict", `${parsed.phoneNumber} is in use on this installation already`);
}

async function draw(
  phoneNumbers: PhoneNumberStore,
  { country, areaCode }: NewPhoneNumber,
  make: (number: { readonly phoneNumber: string; readonly country: string }) => PhoneNumber,
): Promise<PhoneNumber> {
  const ranges = fictitiousRanges(country, areaCode);
  if (ranges.length === 0)
    throw areaCode === undefined
      ? invalidField("country", `"${country}" is no country with phone numbers`)
      : invalidField("areaCode", `${country} has no area code ${areaCode}`);
  for (const range of shuffle(ranges))
    for (const phoneNumber of candidates(range)) {
      const number = make({ phoneNumber, country });
      if (await phoneNumbers.insert(number)) return number;
    }
  throw new AppError("conflict", `all numbers of ${areaCode ?? country} are in use: release one, or take another area`);
}

/** Some at random, then all in order. */
function* candidates({ prefix, digits }: NumberRange): Iterable<string> {
  const size = 10 ** digits;
  for (let attempt = 0; attempt < RANDOM_DRAWS; attempt++) yield prefix + String(randomInt(size)).padStart(digits, "0");
  for (let n = 0; n < Math.min(size, MAX_DRAWS_A_RANGE); n++) yield prefix + String(n).padStart(digits, "0");
}

function shuffle<Item>(items: readonly Item[]): Item[] {
  const start = randomInt(items.length);
  return [...items.slice(start), ...items.slice(0, start)];
}

function withoutAbsent(input: Omit<NewPhoneNumber, "phoneNumber">) {
  const { name, agentId, workflowId, sipTrunkId, contactCard, extension } = input;
  return {
    ...(extension === undefined ? {} : { extension }),
    ...(name === undefined ? {} : { name }),
    ...(agentId === undefined ? {} : { agentId }),
    ...(workflowId === undefined ? {} : { workflowId }),
    ...(sipTrunkId === undefined ? {} : { sipTrunkId }),
    ...(contactCard === undefined ? {} : { contactCard }),
  };
}
