import { mergePatch } from "../merge-patch.ts";
import { toE164 } from "../phone-numbers/parse-phone-number.ts";
import { isDuplicate } from "../storage/query-error.ts";
import type { Contact, ContactPatch } from "./contact.ts";
import { type ContactDeps, numberTaken } from "./create-contact.ts";
import { contactNotFound } from "./read-contact.ts";

const WHOLE = new Set(["metadata"]);

/** @throws AppError `not_found`; `conflict` when another contact has that number */
export async function updateContact(
  { contacts, clock }: ContactDeps,
  workspaceId: string,
  { id, patch }: { readonly id: string; readonly patch: ContactPatch },
): Promise<Contact> {
  const { phoneNumber: given, ...rest } = patch;
  const phoneNumber = given === undefined ? undefined : toE164(given);
  const change = { ...rest, phoneNumber, updatedAt: clock.now().toISOString() };
  try {
    const updated = await contacts.update(workspaceId, id, (current) => mergePatch(current, change, WHOLE) as Contact);
    if (updated === undefined) throw contactNotFound(id);
    return updated;
  } catch (error) {
    if (isDuplicate(error)) throw numberTaken(phoneNumber ?? "", error);
    throw error;
  }
}
