import type { Clock } from "../clock.ts";

/** Real time, for threads that are given no other clock. */
export class SystemClock implements Clock {
  nowMs(): number {
    return performance.now();
  }

  after(delayMs: number, run: () => void): () => void {
    const timeout = setTimeout(run, delayMs);
    return () => clearTimeout(timeout);
  }

  /** Keeps to its times: a run that comes late doesn't make the next one late. */
  every(periodMs: number, run: () => void): () => void {
    let dueMs = performance.now() + periodMs;
    let timeout = setTimeout(fire, periodMs);
    function fire(): void {
      const nowMs = performance.now();
      while (dueMs <= nowMs) dueMs += periodMs;
      timeout = setTimeout(fire, dueMs - nowMs);
      run();
    }
    return () => clearTimeout(timeout);
  }
}
