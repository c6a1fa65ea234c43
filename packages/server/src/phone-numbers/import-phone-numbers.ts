import { CarrierError } from "../carriers/carrier-error.ts";
import type { OwnedNumber } from "../carriers/carrier-numbers.ts";
import { askCarrier, type CarrierNumberDeps, openAccount, prepareRouting } from "./carrier-deps.ts";
import { type AddedNumbers, MAX_IMPORTED, type NumberImport } from "./carrier-number-shapes.ts";
import { toCarrierPhoneNumber } from "./carrier-phone-number.ts";
import { toE164 } from "./parse-phone-number.ts";
import type { PhoneNumber } from "./phone-number.ts";
import { requireParts } from "./require-parts.ts";

type Skipped = AddedNumbers<PhoneNumber>["skipped"][number];

/**
 * Adds numbers that the account has at its carrier already, and has their calls and messages come here. What can't be
 * added is told and skipped.
 * @throws AppError `public_url_missing`, `carrier_refused`, `carrier_unreachable`, `not_found`
 */
export async function importPhoneNumbers(
  deps: CarrierNumberDeps,
  workspaceId: string,
  { carrierAccountId, phoneNumbers, ...settings }: NumberImport,
): Promise<AddedNumbers<PhoneNumber>> {
  await requireParts(deps, workspaceId, settings);
  const account = await openAccount(deps, workspaceId, carrierAccountId);
  const routing = await askCarrier(() => prepareRouting(deps, account));
  const all = await askCarrier(() => account.numbers.list(MAX_IMPORTED));
  const { wanted, skipped } = choose(all, phoneNumbers);
  const data: PhoneNumber[] = [];
  for (const owned of wanted) {
    const at = deps.clock.now();
    const number = toCarrierPhoneNumber(owned, { workspaceId, carrierAccountId, isBought: false, settings, at });
    const reason = await add(deps, number, () => account.numbers.route(owned, routing));
    if (reason === undefined) data.push(number);
    else skipped.push({ phoneNumber: owned.phoneNumber, reason });
  }
  return { data, skipped };
}

function choose(
  all: readonly OwnedNumber[],
  asked: readonly string[] | undefined,
): { readonly wanted: readonly OwnedNumber[]; readonly skipped: Skipped[] } {
  if (asked === undefined) return { wanted: all, skipped: [] };
  const names = new Set(asked.map(toE164));
  const wanted = all.filter(({ phoneNumber }) => names.has(phoneNumber));
  const missing = [...names].filter((name) => !wanted.some(({ phoneNumber }) => phoneNumber === name));
  return { wanted, skipped: missing.map((phoneNumber) => ({ phoneNumber, reason: "the account doesn't have it" })) };
}

/** Stored once it is routed here: a number that isn't would never ring. */
async function add(
  { phoneNumbers }: CarrierNumberDeps,
  number: PhoneNumber,
  route: () => Promise<void>,
): Promise<string | undefined> {
  const inUse = "it is in use on this installation already";
  if ((await phoneNumbers.findActive(number.phoneNumber)) !== undefined) return inUse;
  try {
    await route();
  } catch (error) {
    if (error instanceof CarrierError) return error.message;
    throw error;
  }
  return (await phoneNumbers.insert(number)) ? undefined : inUse;
}
