import type { Timing } from "../timing.ts";

type Timer = { readonly atMs: number; readonly run: () => void };

/** Time that passes only when a test says so, or by itself while nothing but a timer is waited for. */
export class FakeTiming implements Timing {
  #nowMs: number;
  readonly #timers = new Set<Timer>();
  /** Chance, as the test wants it. */
  next = 0.5;
  /** What was waited for, ms, in order; cancelled timers too. */
  readonly asked: number[] = [];

  constructor(nowMs = 0) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  random(): number {
    return this.next;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.asked.push(delayMs);
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass and runs what is due, earliest first. */
  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (;;) {
      const [first] = [...this.#timers].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
      if (first === undefined) break;
      this.#timers.delete(first);
      this.#nowMs = first.atMs;
      first.run();
    }
    this.#nowMs = untilMs;
  }
}
