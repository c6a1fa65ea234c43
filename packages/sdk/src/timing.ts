/** The time and the chance that requests depend on. Tests give their own; everybody else gets the system's. */
export interface Timing {
  /** Wall-clock time, ms since 1970. */
  nowMs(): number;
  /** Runs once after so many ms. Returns what cancels it. */
  after(delayMs: number, run: () => void): () => void;
  /** At least 0, less than 1. */
  random(): number;
}

export const systemTiming: Timing = {
  nowMs: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** Resolves after so many ms; rejects at once with the signal's reason when it aborts. */
export function wait(timing: Timing, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = timing.after(delayMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** A date as in HTTP headers or ISO 8601, as ms since 1970. */
export function parseDate(text: string): number | undefined {
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : atMs;
}

/** @param moment ISO 8601, as the API writes it */
export function oneMsAfter(moment: string): string {
  return new Date(Date.parse(moment) + 1).toISOString();
}
