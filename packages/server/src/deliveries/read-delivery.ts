import { AppError } from "../app-error.ts";
import type { Delivery } from "./delivery.ts";
import type { DeliveryStore } from "./store.ts";

/** @throws AppError `not_found` */
export async function readDelivery(deliveries: DeliveryStore, workspaceId: string, id: string): Promise<Delivery> {
  const delivery = await deliveries.find(workspaceId, id);
  if (delivery === undefined) throw new AppError("not_found", `there is no webhook delivery "${id}"`);
  return delivery;
}
