const running = new Set<Promise<unknown>>();

/**
 * Marks work that runs in native threads. A worker must not end while there is some: the addon would find its JavaScript
 * gone and take the whole process down.
 */
export function trackNativeWork<Result>(work: Promise<Result>): Promise<Result> {
  running.add(work);
  const forget = (): void => {
    running.delete(work);
  };
  work.then(forget, forget);
  return work;
}

/** Resolves when no native work runs. */
export async function finishNativeWork(): Promise<void> {
  while (running.size > 0) await Promise.allSettled(running);
}
