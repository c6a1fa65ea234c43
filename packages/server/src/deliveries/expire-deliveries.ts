import type { WallClock } from "../wall-clock.ts";
import type { DeliveryStore } from "./store.ts";

/** How long the log of finished deliveries is kept. */
const KEPT_MS = 30 * 24 * 3_600_000;
const AT_ONCE = 5_000;

/** Deletes finished deliveries, and events nobody waits for, of more than 30 days ago. @returns how many deliveries */
export async function expireDeliveries(deps: {
  readonly deliveries: DeliveryStore;
  readonly clock: WallClock;
}): Promise<number> {
  const beforeMs = deps.clock.now().getTime() - KEPT_MS;
  let total = 0;
  for (;;) {
    const deleted = await deps.deliveries.deleteOlderThan(beforeMs, AT_ONCE);
    total += deleted;
    if (deleted < AT_ONCE) return total;
  }
}
