import type { SentByDialect } from "../agents/stored-agent.ts";
import { AppError } from "../app-error.ts";
import { mergePatch } from "../merge-patch.ts";
import type { PhoneNumberDeps } from "./create-phone-number.ts";
import type { PhoneNumber, PhoneNumberPatch } from "./phone-number.ts";
import { phoneNumberNotFound } from "./read-phone-number.ts";
import { requireParts } from "./require-parts.ts";
import { sealSoftphonePassword } from "./softphone-password.ts";

/** Replaced as a whole. */
const WHOLE = new Set(["metadata", "contactCard"]);

/**
 * What is absent stays, null removes.
 * @param change `sent`: what a dialect keeps beside the number, by the dialect's name
 * @throws AppError `not_found`; `conflict` when it was released
 */
export async function updatePhoneNumber(
  deps: PhoneNumberDeps,
  workspaceId: string,
  change: { readonly id: string; readonly patch: PhoneNumberPatch; readonly sent?: SentByDialect },
): Promise<PhoneNumber> {
  const { id, sent = {} } = change;
  const { softphonePassword, ...settings } = change.patch;
  const patch = { ...settings, ...sealSoftphonePassword(deps.vault, softphonePassword) };
  await requireParts(deps, workspaceId, patch, id);
  const updatedAt = deps.clock.now().toISOString();
  const updated = await deps.phoneNumbers.update(workspaceId, id, (current) => {
    if (current.status === "released") throw new AppError("conflict", `${current.phoneNumber} was released`);
    const patched = mergePatch(current, patch, WHOLE) as PhoneNumber;
    return { ...patched, source: sourceOf(patched), sent: { ...current.sent, ...sent }, updatedAt };
  });
  if (updated === undefined) throw phoneNumberNotFound(id);
  return updated;
}

function sourceOf({ source, sipTrunkId }: PhoneNumber): PhoneNumber["source"] {
  if (source === "carrier") return source;
  return sipTrunkId === undefined ? "local" : "trunk";
}
