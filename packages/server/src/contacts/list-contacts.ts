import { fromCursor, type Page, type PageRequest, toPage } from "../page.ts";
import type { Contact } from "./contact.ts";
import type { ContactStore } from "./store.ts";

/** Newest first. @param request `search`: part of the name, the number or the e-mail address */
export async function listContacts(
  store: ContactStore,
  workspaceId: string,
  { limit, cursor, search }: PageRequest & { readonly search?: string | undefined },
): Promise<Page<Contact>> {
  return toPage(await store.list(workspaceId, { search, limit: limit + 1, beforeId: fromCursor(cursor) }), limit);
}
