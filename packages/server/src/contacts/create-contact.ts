import { AppError } from "../app-error.ts";
import { newId } from "../new-id.ts";
import { toE164 } from "../phone-numbers/parse-phone-number.ts";
import type { WallClock } from "../wall-clock.ts";
import type { Contact, NewContact } from "./contact.ts";
import type { ContactStore } from "./store.ts";

export type ContactDeps = { readonly contacts: ContactStore; readonly clock: WallClock };

/** @throws AppError `conflict` when the workspace has a contact of that number */
export async function createContact(
  { contacts, clock }: ContactDeps,
  workspaceId: string,
  { email, notes, ...input }: NewContact,
): Promise<Contact> {
  const now = clock.now();
  const contact: Contact = {
    ...input,
    ...(email === undefined ? {} : { email }),
    ...(notes === undefined ? {} : { notes }),
    phoneNumber: toE164(input.phoneNumber),
    id: newId("con", now.getTime()),
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
  };
  if (await contacts.insert(workspaceId, contact)) return contact;
  throw numberTaken(contact.phoneNumber);
}

export function numberTaken(phoneNumber: string, cause?: unknown): AppError {
  return new AppError("conflict", `there is a contact with the number ${phoneNumber} already`, { cause });
}
