import type { WallClock } from "../wall-clock.ts";
import type { CallStore } from "./store.ts";

/** Marks a call as active, once its audio is connected. False when it isn't waiting to begin. */
export function beginCall(
  deps: { readonly calls: CallStore; readonly clock: WallClock },
  id: string,
): Promise<boolean> {
  return deps.calls.markActive(id, deps.clock.now().toISOString());
}
