import type { WallClock } from "../wall-clock.ts";

type Timer = { dueMs: number; readonly periodMs?: number; readonly run: () => void };

/** A wall clock that stands still until a test moves it. */
export class FakeWallClock implements WallClock {
  #nowMs: number;
  readonly #timers = new Set<Timer>();

  constructor(start = "2026-03-04T05:06:07.000Z") {
    this.#nowMs = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  at(epochMs: number): Date {
    return new Date(epochMs);
  }

  after(delayMs: number, run: () => void): () => void {
    return this.#add({ dueMs: this.#nowMs + delayMs, run });
  }

  every(periodMs: number, run: () => void): () => void {
    return this.#add({ dueMs: this.#nowMs + periodMs, periodMs, run });
  }

  /** Moves on at once, and runs each timer that came due, a periodic one once. */
  advance(ms: number): void {
    this.#nowMs += ms;
    const due = [...this.#timers].filter(({ dueMs }) => dueMs <= this.#nowMs).toSorted((a, b) => a.dueMs - b.dueMs);
    for (const timer of due) {
      if (!this.#timers.has(timer)) continue;
      if (timer.periodMs === undefined) this.#timers.delete(timer);
      else timer.dueMs = this.#nowMs + timer.periodMs;
      timer.run();
    }
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }
}
