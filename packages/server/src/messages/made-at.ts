import { timeOfId } from "../new-id.ts";
import type { WallClock } from "../wall-clock.ts";

/** A message's time is its id's: lists are in the order of ids, and are paged by time. */
export function madeAt(clock: WallClock, id: string): string {
  const ms = timeOfId(id);
  if (ms === undefined) throw new RangeError(`${id} is no id`);
  return clock.at(ms).toISOString();
}
