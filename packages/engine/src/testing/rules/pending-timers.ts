import type { TimerName } from "../../conversation/event.ts";

type Due = { readonly timer: TimerName; readonly id: number; readonly dueMs: number };

/** The timers that the rules have set, under virtual time. */
export class PendingTimers {
  readonly #timers = new Map<TimerName, Due>();

  get count(): number {
    return this.#timers.size;
  }

  has(timer: TimerName): boolean {
    return this.#timers.has(timer);
  }

  dueMs(timer: TimerName): number | undefined {
    return this.#timers.get(timer)?.dueMs;
  }

  set(timer: TimerName, id: number, dueMs: number): void {
    this.#timers.set(timer, { timer, id, dueMs });
  }

  clear(timer: TimerName): void {
    this.#timers.delete(timer);
  }

  /** Takes out the first timer due up to `endMs`. */
  takeDue(endMs: number): Due | undefined {
    const next = this.#first();
    if (!next || next.dueMs > endMs) return undefined;
    this.#timers.delete(next.timer);
    return next;
  }

  /** At least 1. */
  untilNextMs(nowMs: number): number {
    return Math.max(1, (this.#first()?.dueMs ?? nowMs) - nowMs);
  }

  #first(): Due | undefined {
    return [...this.#timers.values()].sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}
