import { AppError } from "../app-error.ts";
import type { CarrierAccess } from "../carrier-accounts/carrier-account.ts";
import { carrierAccountKind } from "../carrier-accounts/carrier-account.ts";
import type { FindCarrierAccount } from "../carrier-accounts/find-carrier-account.ts";
import { toCarrierProblem } from "../carriers/carrier-error.ts";
import type { CarrierNumbers, NumberRouting } from "../carriers/carrier-numbers.ts";
import { toCarrierUrls } from "../carriers/carrier-urls.ts";
import { openCarrierNumbers } from "../carriers/open-carrier-numbers.ts";
import { Resources } from "../documents/resource.ts";
import type { UrlGuard } from "../outbound-http/guard-url.ts";
import type { PhoneNumberDeps } from "./create-phone-number.ts";

/** What verbs need that deal with carriers. */
export type CarrierNumberDeps = PhoneNumberDeps & {
  readonly findCarrierAccount: FindCarrierAccount;
  readonly carrierGuard: Pick<UrlGuard, "check" | "dispatcher">;
  /** Where carriers reach this server. */
  readonly publicUrl: string | undefined;
};

export type OpenedAccount = { readonly access: CarrierAccess; readonly numbers: CarrierNumbers };

/** @throws AppError `not_found` for an account of another workspace */
export async function openAccount(deps: CarrierNumberDeps, workspaceId: string, id: string): Promise<OpenedAccount> {
  const access = await deps.findCarrierAccount(id);
  if (access?.workspaceId !== workspaceId) throw new AppError("not_found", `there is no carrier account "${id}"`);
  return { access, numbers: openCarrierNumbers(access, { guard: deps.carrierGuard, clock: deps.clock }) };
}

/**
 * What the account's numbers are routed by; what the carrier wants for that is made once and kept with the account.
 * @throws AppError `public_url_missing`; CarrierError
 */
export async function prepareRouting(
  deps: CarrierNumberDeps,
  { access, numbers }: OpenedAccount,
): Promise<NumberRouting> {
  const urls = toCarrierUrls(deps.publicUrl, access.id);
  const made = await numbers.prepare(urls);
  const { voiceApplicationId = access.voiceApplicationId, messagingProfileId = access.messagingProfileId } = made;
  const isNew = voiceApplicationId !== access.voiceApplicationId || messagingProfileId !== access.messagingProfileId;
  const accounts = new Resources(deps, carrierAccountKind);
  if (isNew) await accounts.patch(access.workspaceId, access.id, { voiceApplicationId, messagingProfileId });
  return { urls, voiceApplicationId, messagingProfileId };
}

/** Tells what carriers say as the API does. */
export async function askCarrier<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    throw toCarrierProblem(error);
  }
}
