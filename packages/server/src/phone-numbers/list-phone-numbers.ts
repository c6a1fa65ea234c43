import { fromCursor, type Page, type PageRequest, toPage } from "../page.ts";
import type { PhoneNumber } from "./phone-number.ts";
import type { PhoneNumberFilter, PhoneNumberStore } from "./store.ts";

/** Newest first. */
export async function listPhoneNumbers(
  store: PhoneNumberStore,
  workspaceId: string,
  { limit, cursor, ...filter }: PageRequest & PhoneNumberFilter,
): Promise<Page<PhoneNumber>> {
  return toPage(await store.list(workspaceId, { ...filter, limit: limit + 1, beforeId: fromCursor(cursor) }), limit);
}
