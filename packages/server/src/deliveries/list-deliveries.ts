import { fromCursor, type Page, type PageRequest, toPage } from "../page.ts";
import type { ListedDelivery } from "./delivery.ts";
import type { DeliveryFilter, DeliveryStore } from "./store.ts";

/** Newest first. */
export async function listDeliveries(
  deliveries: DeliveryStore,
  workspaceId: string,
  request: PageRequest & Omit<DeliveryFilter, "limit" | "beforeId">,
): Promise<Page<ListedDelivery>> {
  const { limit, cursor, ...filter } = request;
  const rows = await deliveries.list(workspaceId, { ...filter, limit: limit + 1, beforeId: fromCursor(cursor) });
  return toPage(rows, limit);
}
