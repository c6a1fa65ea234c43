import { AppError, invalidField } from "../app-error.ts";
import type { CarrierClientDeps } from "../carriers/carrier-client.ts";
import { CarrierError, toCarrierProblem } from "../carriers/carrier-error.ts";
import { checkCredentials } from "../carriers/check-credentials.ts";
import type { Resources } from "../documents/resource.ts";
import type { JsonObject } from "../documents/resource-shapes.ts";
import { toShown } from "../documents/resource-verbs.ts";
import { mergePatch } from "../merge-patch.ts";
import { ForbiddenUrlError } from "../outbound-http/guard-url.ts";
import type { PhoneNumberStore } from "../phone-numbers/store.ts";
import type { Vault } from "../secrets/vault.ts";
import { type CarrierAccount, type CarrierAccountSettings, carrierAccountKind } from "./carrier-account.ts";
import { accountNameOf, carrierProviderShape, parseCredentials } from "./carrier-credentials.ts";
import { openCarrierAccount, sealCredentials } from "./seal-credentials.ts";

type Deps = CarrierClientDeps & {
  readonly carrierAccounts: Resources<typeof carrierAccountKind.shape>;
  readonly vault: Vault;
};

const WHOLE = new Set<string>(carrierAccountKind.whole);

/**
 * Stores an account once its carrier has accepted the credentials.
 * @throws AppError `invalid_request` naming each wrong field, and what the carrier says; `carrier_unreachable`
 */
export async function createCarrierAccount(
  deps: Deps,
  workspaceId: string,
  input: JsonObject,
): Promise<CarrierAccount> {
  const { credentials, ...given } = input;
  const settings = toSettings(deps, workspaceId, given, credentials ?? {});
  await verify(deps, workspaceId, settings);
  return deps.carrierAccounts.create(workspaceId, settings);
}

/** Without credentials in the patch they stay. @throws AppError `not_found`, and as `createCarrierAccount` */
export async function updateCarrierAccount(
  deps: Deps,
  workspaceId: string,
  { id, patch }: { readonly id: string; readonly patch: JsonObject },
): Promise<CarrierAccount> {
  const { credentials, ...given } = patch;
  const current = await deps.carrierAccounts.read(workspaceId, id);
  const change = (settings: CarrierAccountSettings) =>
    toSettings(deps, workspaceId, mergePatch(settings, given, WHOLE) as JsonObject, credentials);
  if (given["provider"] !== undefined && given["provider"] !== current.provider)
    throw invalidField("provider", "can't change: create another account");
  const { id: _, createdAt: __, updatedAt: ___, ...settings } = current;
  if (credentials !== undefined || given["apiUrl"] !== undefined) await verify(deps, workspaceId, change(settings));
  return deps.carrierAccounts.change(workspaceId, id, change);
}

/** @throws AppError `not_found`; `conflict` while numbers use it */
export async function deleteCarrierAccount(
  {
    carrierAccounts,
    phoneNumbers,
  }: Pick<Deps, "carrierAccounts"> & { readonly phoneNumbers: Pick<PhoneNumberStore, "countOfCarrierAccount"> },
  workspaceId: string,
  id: string,
): Promise<void> {
  await carrierAccounts.read(workspaceId, id);
  const users = await phoneNumbers.countOfCarrierAccount(id);
  if (users > 0) throw new AppError("conflict", `${users} phone numbers use this carrier account: release them first`);
  await carrierAccounts.delete(workspaceId, id);
}

/** What the carrier says of the credentials now. @throws AppError `not_found` */
export async function checkCarrierAccount(
  deps: Deps,
  workspaceId: string,
  id: string,
): Promise<{ readonly isOk: boolean; readonly problem?: string }> {
  const account = await deps.carrierAccounts.read(workspaceId, id);
  try {
    await checkCredentials(openCarrierAccount(deps.vault, workspaceId, account), deps);
    return { isOk: true };
  } catch (error) {
    if (error instanceof CarrierError) return { isOk: false, problem: error.message };
    throw error;
  }
}

export function toPublicCarrierAccount({ sealedCredentials: _, ...shown }: CarrierAccount): JsonObject {
  return toShown(shown);
}

function toSettings(
  { carrierAccounts, vault }: Deps,
  workspaceId: string,
  input: JsonObject,
  given: unknown,
): CarrierAccountSettings {
  if (given === undefined) return carrierAccounts.parse(input);
  const provider = carrierProviderShape.safeParse(input["provider"]);
  if (!provider.success) throw invalidField("provider", "must be twilio, telnyx, plivo or vonage");
  const credentials = parseCredentials(provider.data, given ?? {});
  const accountName = accountNameOf(provider.data, credentials);
  return carrierAccounts.parse({
    ...input,
    ...(accountName === undefined ? {} : { accountName }),
    sealedCredentials: sealCredentials(vault, workspaceId, credentials),
  });
}

async function verify(deps: Deps, workspaceId: string, settings: CarrierAccountSettings): Promise<void> {
  const access = openCarrierAccount(deps.vault, workspaceId, { ...settings, id: "", createdAt: "", updatedAt: "" });
  try {
    await checkCredentials(access, deps);
  } catch (error) {
    const isForbidden = error instanceof CarrierError && error.cause instanceof ForbiddenUrlError;
    if (isForbidden) throw invalidField("apiUrl", error.message, error);
    const isWrong = error instanceof CarrierError && !error.isPassing && error.kind !== "uncertain";
    throw isWrong ? invalidField("credentials", `are refused. ${error.message}`, error) : toCarrierProblem(error);
  }
}
