import { AppError } from "../app-error.ts";
import type { WallClock } from "../wall-clock.ts";
import type { Delivery } from "./delivery.ts";
import { readDelivery } from "./read-delivery.ts";
import type { DeliveryStore } from "./store.ts";

const DAY_MS = 24 * 3_600_000;

/**
 * Tries a delivery again now, and for another day if need be: the same id and the same body, whether it failed, was
 * delivered or waits for its next attempt.
 * @throws AppError `not_found`; `conflict` when its endpoint was deleted
 */
export async function redeliver(
  deps: { readonly deliveries: DeliveryStore; readonly clock: WallClock; readonly wake: () => void },
  workspaceId: string,
  id: string,
): Promise<Delivery> {
  await readDelivery(deps.deliveries, workspaceId, id);
  const now = deps.clock.now();
  const expiresAt = deps.clock.at(now.getTime() + DAY_MS);
  if (!(await deps.deliveries.redeliver(workspaceId, id, { now, expiresAt })))
    throw new AppError("conflict", "its endpoint was deleted; make a new one and send the event there");
  const redelivered = await readDelivery(deps.deliveries, workspaceId, id);
  deps.wake();
  return redelivered;
}
