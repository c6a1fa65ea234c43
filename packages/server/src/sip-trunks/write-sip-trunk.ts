import { AppError, invalidField } from "../app-error.ts";
import type { Resources } from "../documents/resource.ts";
import type { JsonObject } from "../documents/resource-shapes.ts";
import { toShown } from "../documents/resource-verbs.ts";
import { mergePatch } from "../merge-patch.ts";
import type { PhoneNumberStore } from "../phone-numbers/store.ts";
import type { Vault } from "../secrets/vault.ts";
import { type SipTrunk, type SipTrunkSettings, sipPasswordShape, sipTrunkKind } from "./sip-trunk.ts";
import type { TrunkStatus, TrunkWatch } from "./trunk-status.ts";

type Deps = {
  readonly sipTrunks: Resources<typeof sipTrunkKind.shape>;
  readonly vault: Vault;
  readonly trunkWatch?: TrunkWatch;
};

const WHOLE = new Set<string>(sipTrunkKind.whole);

/** @throws AppError `invalid_request` naming each wrong field */
export async function createSipTrunk(deps: Deps, workspaceId: string, input: JsonObject): Promise<SipTrunk> {
  const settings = toSettings(deps, workspaceId, input);
  await requireBackups(deps, workspaceId, settings);
  const created = await deps.sipTrunks.create(workspaceId, settings);
  await deps.trunkWatch?.changed();
  return created;
}

/** Without a password in the patch it stays; null removes it. @throws AppError `not_found`, `invalid_request` */
export async function updateSipTrunk(
  deps: Deps,
  workspaceId: string,
  { id, patch }: { readonly id: string; readonly patch: JsonObject },
): Promise<SipTrunk> {
  const { backupTrunkIds } = deps.sipTrunks.kind.shape.pick({ backupTrunkIds: true }).parse({
    backupTrunkIds: patch["backupTrunkIds"] ?? undefined,
  });
  await requireBackups(deps, workspaceId, { backupTrunkIds }, id);
  const updated = await deps.sipTrunks.change(workspaceId, id, (current) =>
    toSettings(deps, workspaceId, mergePatch(current, patch, WHOLE), patch["password"] === null),
  );
  await deps.trunkWatch?.changed();
  return updated;
}

/** @throws AppError `not_found`; `conflict` while numbers use it */
export async function deleteSipTrunk(
  {
    sipTrunks,
    phoneNumbers,
    trunkWatch,
  }: Pick<Deps, "sipTrunks" | "trunkWatch"> & {
    readonly phoneNumbers: PhoneNumberStore;
  },
  workspaceId: string,
  id: string,
): Promise<void> {
  await sipTrunks.read(workspaceId, id);
  const users = await phoneNumbers.count(workspaceId, { sipTrunkId: id, status: "active" });
  if (users > 0) throw new AppError("conflict", `${users} phone numbers use this SIP trunk: detach them first`);
  await sipTrunks.delete(workspaceId, id);
  await trunkWatch?.changed();
}

/** What the trunk authenticates with. */
export function openSipPassword(vault: Vault, workspaceId: string, { sealedPassword }: SipTrunk): string | undefined {
  return sealedPassword === undefined ? undefined : vault.open(sealedPassword, contextOf(workspaceId));
}

export function toPublicSipTrunk({ sealedPassword, ...shown }: SipTrunk, status?: TrunkStatus): JsonObject {
  return toShown({
    ...shown,
    hasPassword: sealedPassword !== undefined,
    ...(status === undefined ? {} : { status }),
  });
}

function toSettings(
  { sipTrunks, vault }: Deps,
  workspaceId: string,
  { password, ...input }: JsonObject,
  isRemoved = false,
): SipTrunkSettings {
  const { sealedPassword: kept, ...settings } = sipTrunks.parse(input);
  if (settings.registers && settings.username === undefined)
    throw invalidField("username", "must be given for a trunk that registers with its provider");
  const given = sipPasswordShape.parse(password);
  const sealedPassword = given === undefined ? kept : vault.seal(given, contextOf(workspaceId));
  return { ...settings, ...(sealedPassword === undefined || isRemoved ? {} : { sealedPassword }) };
}

async function requireBackups(
  { sipTrunks }: Deps,
  workspaceId: string,
  { backupTrunkIds }: Pick<SipTrunkSettings, "backupTrunkIds">,
  ownId?: string,
): Promise<void> {
  for (const [at, id] of backupTrunkIds.entries()) {
    const path = `backupTrunkIds.${at}`;
    if (id === ownId) throw invalidField(path, "must be another trunk than this one");
    await sipTrunks.read(workspaceId, id).catch((error: unknown) => {
      if (error instanceof AppError && error.code === "not_found")
        throw invalidField(path, `there is no trunk "${id}"`);
      throw error;
    });
  }
}

function contextOf(workspaceId: string): string {
  return `${workspaceId} SIP password`;
}
