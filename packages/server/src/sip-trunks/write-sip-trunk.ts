import { AppError } from "../app-error.ts";
import type { Resources } from "../documents/resource.ts";
import type { JsonObject } from "../documents/resource-shapes.ts";
import { toShown } from "../documents/resource-verbs.ts";
import { mergePatch } from "../merge-patch.ts";
import type { PhoneNumberStore } from "../phone-numbers/store.ts";
import type { Vault } from "../secrets/vault.ts";
import { type SipTrunk, type SipTrunkSettings, sipPasswordShape, sipTrunkKind } from "./sip-trunk.ts";

type Deps = { readonly sipTrunks: Resources<typeof sipTrunkKind.shape>; readonly vault: Vault };

const WHOLE = new Set<string>(sipTrunkKind.whole);

/** @throws AppError `invalid_request` naming each wrong field */
export function createSipTrunk(deps: Deps, workspaceId: string, input: JsonObject): Promise<SipTrunk> {
  return deps.sipTrunks.create(workspaceId, toSettings(deps, workspaceId, input));
}

/** Without a password in the patch it stays; null removes it. @throws AppError `not_found`, `invalid_request` */
export function updateSipTrunk(
  deps: Deps,
  workspaceId: string,
  { id, patch }: { readonly id: string; readonly patch: JsonObject },
): Promise<SipTrunk> {
  return deps.sipTrunks.change(workspaceId, id, (current) =>
    toSettings(deps, workspaceId, mergePatch(current, patch, WHOLE), patch["password"] === null),
  );
}

/** @throws AppError `not_found`; `conflict` while numbers use it */
export async function deleteSipTrunk(
  { sipTrunks, phoneNumbers }: Pick<Deps, "sipTrunks"> & { readonly phoneNumbers: PhoneNumberStore },
  workspaceId: string,
  id: string,
): Promise<void> {
  await sipTrunks.read(workspaceId, id);
  const users = await phoneNumbers.count(workspaceId, { sipTrunkId: id, status: "active" });
  if (users > 0) throw new AppError("conflict", `${users} phone numbers use this SIP trunk: detach them first`);
  await sipTrunks.delete(workspaceId, id);
}

/** What the trunk authenticates with. */
export function openSipPassword(vault: Vault, workspaceId: string, { sealedPassword }: SipTrunk): string | undefined {
  return sealedPassword === undefined ? undefined : vault.open(sealedPassword, contextOf(workspaceId));
}

export function toPublicSipTrunk({ sealedPassword, ...shown }: SipTrunk): JsonObject {
  return toShown({ ...shown, hasPassword: sealedPassword !== undefined });
}

function toSettings(
  { sipTrunks, vault }: Deps,
  workspaceId: string,
  { password, ...input }: JsonObject,
  isRemoved = false,
): SipTrunkSettings {
  const { sealedPassword: kept, ...settings } = sipTrunks.parse(input);
  const given = sipPasswordShape.parse(password);
  const sealedPassword = given === undefined ? kept : vault.seal(given, contextOf(workspaceId));
  return { ...settings, ...(sealedPassword === undefined || isRemoved ? {} : { sealedPassword }) };
}

function contextOf(workspaceId: string): string {
  return `${workspaceId} SIP password`;
}
