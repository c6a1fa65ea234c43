import type { Clock } from "../clock.ts";

type Timer = { dueMs: number; readonly periodMs: number | undefined; readonly run: () => void };

/** Time that stands still until a test says otherwise. Timers run in the order of their time, then of their making. */
export class ManualClock implements Clock {
  readonly #timers = new Set<Timer>();
  #nowMs: number;

  constructor(startMs = 1000) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    return this.#add({ dueMs: this.#nowMs + Math.max(0, delayMs), periodMs: undefined, run });
  }

  every(periodMs: number, run: () => void): () => void {
    return this.#add({ dueMs: this.#nowMs + periodMs, periodMs, run });
  }

  /** Timers that are armed. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Runs what falls due, in order, up to `ms` from now. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let next = this.#next(endMs); next; next = this.#next(endMs)) this.#fire(next);
    this.#nowMs = endMs;
  }

  /** The same; between two timers all promises that can settle do. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    for (let next = this.#next(endMs); next; next = this.#next(endMs)) {
      this.#fire(next);
      await settle();
    }
    this.#nowMs = endMs;
  }

  /** The process stands still: what was due meanwhile runs once, late. */
  stall(ms: number): void {
    this.#nowMs += ms;
    for (const timer of this.#timers) if (timer.dueMs < this.#nowMs) timer.dueMs = this.#nowMs;
  }

  #next(endMs: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers)
      if (timer.dueMs <= endMs && timer.dueMs < (first?.dueMs ?? Number.POSITIVE_INFINITY)) first = timer;
    return first;
  }

  #fire(timer: Timer): void {
    this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
    if (timer.periodMs === undefined) this.#timers.delete(timer);
    else timer.dueMs += timer.periodMs;
    timer.run();
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
