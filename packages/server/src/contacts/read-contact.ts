import { AppError } from "../app-error.ts";
import type { Contact } from "./contact.ts";
import type { ContactStore } from "./store.ts";

/** @throws AppError `not_found` */
export async function readContact(store: ContactStore, workspaceId: string, id: string): Promise<Contact> {
  const contact = await store.find(workspaceId, id);
  if (contact === undefined) throw contactNotFound(id);
  return contact;
}

export function contactNotFound(id: string): AppError {
  return new AppError("not_found", `there is no contact "${id}"`);
}
