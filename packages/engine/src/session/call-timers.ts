import type { Effect } from "../conversation/effect.ts";
import type { Fact, TimerName } from "../conversation/event.ts";
import type { Clock } from "./clock.ts";

/** The timers that the rules have set, one of each name. */
export class CallTimers {
  readonly #clock: Clock;
  readonly #post: (fact: Fact) => void;
  readonly #cancels = new Map<TimerName, () => void>();

  constructor(options: { clock: Clock; post: (fact: Fact) => void }) {
    this.#clock = options.clock;
    this.#post = options.post;
  }

  set({ timer, timerId, delayMs }: Effect & { type: "set-timer" }): void {
    this.clear(timer);
    this.#cancels.set(
      timer,
      this.#clock.after(delayMs, () => this.#post({ type: "timer-fired", timer, timerId })),
    );
  }

  clear(timer: TimerName): void {
    this.#cancels.get(timer)?.();
    this.#cancels.delete(timer);
  }

  close(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }
}
