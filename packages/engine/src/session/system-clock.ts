import type { Clock } from "./clock.ts";

/** Real time. Timers of one period share one interval, so that a thousand calls cost one wake-up each 20 ms. */
export class SystemClock implements Clock {
  readonly #shared = new Map<number, SharedInterval>();

  nowMs(): number {
    return performance.now();
  }

  after(delayMs: number, run: () => void): () => void {
    if (delayMs <= 0) {
      const immediate = setImmediate(run);
      return () => clearImmediate(immediate);
    }
    const timeout = setTimeout(run, delayMs);
    return () => clearTimeout(timeout);
  }

  every(periodMs: number, run: () => void): () => void {
    let shared = this.#shared.get(periodMs);
    if (!shared) {
      shared = new SharedInterval(periodMs);
      this.#shared.set(periodMs, shared);
    }
    return shared.add(run);
  }

  working(): () => void {
    return () => {};
  }
}

/** One drift-free interval for many listeners; runs only while it has any. */
class SharedInterval {
  readonly #periodMs: number;
  readonly #listeners = new Set<() => void>();
  #timeout: NodeJS.Timeout | undefined;
  #dueMs = 0;

  constructor(periodMs: number) {
    this.#periodMs = periodMs;
  }

  add(run: () => void): () => void {
    // A fresh function: the same one may be added twice.
    const listener = () => run();
    this.#listeners.add(listener);
    if (this.#timeout === undefined) {
      this.#dueMs = performance.now() + this.#periodMs;
      this.#arm();
    }
    return () => this.#listeners.delete(listener);
  }

  #arm(): void {
    this.#timeout = setTimeout(() => this.#fire(), Math.max(0, this.#dueMs - performance.now()));
  }

  #fire(): void {
    this.#timeout = undefined;
    if (this.#listeners.size === 0) return;
    const nowMs = performance.now();
    while (this.#dueMs <= nowMs) this.#dueMs += this.#periodMs;
    this.#arm();
    for (const listener of this.#listeners) listener();
  }
}
