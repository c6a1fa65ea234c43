/** Work that a caller waits for on the line goes before what nobody notices a little later. */

import { AsyncLocalStorage } from "node:async_hooks";

const urgent = new AsyncLocalStorage<true>();

/** Runs `work`, all of which is urgent, whatever it waits for. */
export function urgently<Result>(work: () => Promise<Result>): Promise<Result> {
  return urgent.run(true, work);
}

export function isUrgent(): boolean {
  return urgent.getStore() === true;
}
