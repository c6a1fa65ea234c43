/** Buys numbers so that none is lost: the intent is stored, then the number is bought, then it is stored. */
import { AppError, invalidField } from "../app-error.ts";
import { CarrierError, toCarrierProblem } from "../carriers/carrier-error.ts";
import type { CarrierJobs } from "../carriers/carrier-jobs.ts";
import type { OwnedNumber } from "../carriers/carrier-numbers.ts";
import { openCarrierNumbers } from "../carriers/open-carrier-numbers.ts";
import { type Resource, Resources } from "../documents/resource.ts";
import { toEpochMs } from "../wall-clock.ts";
import { askCarrier, type CarrierNumberDeps, openAccount, prepareRouting } from "./carrier-deps.ts";
import type { Purchase } from "./carrier-number-shapes.ts";
import { type CarrierNumberSettings, toCarrierPhoneNumber } from "./carrier-phone-number.ts";
import { type NumberOrder, numberOrderKind } from "./number-order.ts";
import { parsePhoneNumber } from "./parse-phone-number.ts";
import type { PhoneNumber } from "./phone-number.ts";
import { requireParts } from "./require-parts.ts";

export type PurchaseDeps = CarrierNumberDeps & {
  readonly carrierJobs: Pick<CarrierJobs, "confirmOrder">;
};

/** After that an order that its carrier knows nothing of was never filled. */
const ORDER_LASTS_MS = 24 * 3_600_000;

/**
 * Buys a number of the account's carrier and has its calls and messages come here.
 * @throws AppError `conflict` when it is in use here; `public_url_missing`; `carrier_refused`; `carrier_unreachable`: it
 *   may have been bought, and is then stored here a little later; `not_found` for parts of another workspace
 */
export async function buyPhoneNumber(
  deps: PurchaseDeps,
  workspaceId: string,
  { carrierAccountId, phoneNumber: given, ...settings }: Purchase,
): Promise<PhoneNumber> {
  await requireParts(deps, workspaceId, settings);
  const parsed = parsePhoneNumber(given);
  if (parsed === undefined) throw invalidField("phoneNumber", "must be a phone number in E.164");
  const { phoneNumber, country = "US" } = parsed;
  const account = await openAccount(deps, workspaceId, carrierAccountId);
  if ((await deps.phoneNumbers.findActive(phoneNumber)) !== undefined)
    throw new AppError("conflict", `${phoneNumber} is in use on this installation already`);
  const routing = await askCarrier(() => prepareRouting(deps, account));
  const orders = new Resources(deps, numberOrderKind);
  const order = await orders.create(workspaceId, { carrierAccountId, phoneNumber, country, settings, sent: {} });
  await deps.carrierJobs.confirmOrder(order.id);
  let owned: OwnedNumber | undefined;
  try {
    owned = await account.numbers.buy({ phoneNumber, country, reference: order.id, routing });
  } catch (error) {
    if (error instanceof CarrierError && error.kind !== "uncertain") await orders.delete(workspaceId, order.id);
    throw toCarrierProblem(error);
  }
  if (owned === undefined) throw stillOrdered(phoneNumber);
  return store(deps, workspaceId, order, owned);
}

/**
 * Sees an order through that was left open: the number is stored if it was bought. Done already, it does nothing.
 * @throws Error while it isn't settled: to be tried again later
 */
export async function confirmOrder(deps: CarrierNumberDeps, orderId: string): Promise<void> {
  const found = await deps.documents.findAnywhere(numberOrderKind.name, orderId);
  if (found === undefined) return;
  const { workspaceId, createdAt, updatedAt } = found;
  const order = { ...numberOrderKind.shape.parse(found.document), id: orderId, createdAt, updatedAt };
  const access = await deps.findCarrierAccount(order.carrierAccountId);
  const orders = new Resources(deps, numberOrderKind);
  if (access === undefined) return orders.delete(workspaceId, orderId);
  const numbers = openCarrierNumbers(access, { guard: deps.carrierGuard, clock: deps.clock });
  const owned = await numbers.find(order.phoneNumber);
  if (owned !== undefined) {
    await store(deps, workspaceId, order, owned);
    return;
  }
  const ageMs = deps.clock.now().getTime() - toEpochMs(createdAt);
  if (ageMs < ORDER_LASTS_MS) throw new Error(`the order "${orderId}" is still open`);
  await orders.delete(workspaceId, orderId);
}

/** It was imported before its purchase was known to have come off: it is paid for all the same. */
async function markBought({ phoneNumbers }: CarrierNumberDeps, number: PhoneNumber): Promise<PhoneNumber | undefined> {
  const { workspaceId, carrierAccountId, carrierNumber } = number;
  const there = await phoneNumbers.findActive(number.phoneNumber);
  if (there?.workspaceId !== workspaceId || there.carrierAccountId !== carrierAccountId) return there;
  return phoneNumbers.update(workspaceId, there.id, (current) => ({
    ...current,
    ...(carrierNumber === undefined ? {} : { carrierNumber }),
  }));
}

async function store(
  deps: CarrierNumberDeps,
  workspaceId: string,
  order: Resource<NumberOrder>,
  owned: OwnedNumber,
): Promise<PhoneNumber> {
  const number = toCarrierPhoneNumber(owned, {
    ...{ workspaceId, carrierAccountId: order.carrierAccountId, isBought: true, at: deps.clock.now() },
    settings: order.settings as CarrierNumberSettings,
  });
  const isNew = await deps.phoneNumbers.insert(number);
  const stored = isNew ? number : await markBought(deps, number);
  await deps.documents.remove({ workspaceId, kind: numberOrderKind.name }, order.id);
  if (stored?.workspaceId !== workspaceId)
    throw new AppError("conflict", `${number.phoneNumber} was bought, and is in use in another workspace`);
  return stored;
}

function stillOrdered(phoneNumber: string): AppError {
  const message = `the carrier is still working on ${phoneNumber}: it is listed here once it is there`;
  return new AppError("carrier_unreachable", message);
}
