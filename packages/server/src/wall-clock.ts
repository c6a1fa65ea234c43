/** The server's only source of dates and timers outside calls; tests pass their own. */
export interface WallClock {
  now(): Date;
  /** The moment so many milliseconds after 1970 began. */
  at(epochMs: number): Date;
  /** Runs once after `delayMs`; the returned function cancels it. Doesn't keep the process alive. */
  after(delayMs: number, run: () => void): () => void;
  /** Runs each `periodMs`; the returned function stops it. Doesn't keep the process alive. */
  every(periodMs: number, run: () => void): () => void;
}

export const systemWallClock: WallClock = {
  now: () => new Date(),
  at: (epochMs) => new Date(epochMs),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
  every(periodMs, run) {
    const timer = setInterval(run, periodMs).unref();
    return () => clearInterval(timer);
  },
};

/** Resolves after `delayMs`. */
export function pause(clock: Pick<WallClock, "after">, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}

/** Milliseconds from 1970 to a moment written as ISO 8601. */
export function toEpochMs(moment: string): number {
  return Date.parse(moment);
}
