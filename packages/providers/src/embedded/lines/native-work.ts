import { setImmediate as nextTurn } from "node:timers/promises";

const running = new Set<Promise<unknown>>();
let isEnding = false;

/**
 * Starts work that runs in native threads. A worker must not end while there is some: the addon would find its JavaScript
 * gone and take the whole process down.
 */
export async function runNatively<Result>(start: () => Promise<Result>): Promise<Result> {
  if (isEnding) throw new Error("the speech worker is ending");
  const work = start();
  running.add(work);
  try {
    return await work;
  } finally {
    running.delete(work);
  }
}

/** Refuses further native work and resolves when none runs and the addon's last callback has returned. */
export async function finishNativeWork(): Promise<void> {
  isEnding = true;
  while (running.size > 0) await Promise.allSettled(running);
  await nextTurn();
}
