import type { Clock } from "./clock.ts";

/** A pasted card number, and then some. */
const MOST_AT_ONCE = 40;
/** Faster than any dialler. */
const PER_SECOND = 20;

/** Keeps a far end that claims to press keys without end from filling the journal: no telephone is that fast. */
export class DigitLimit {
  readonly #clock: Clock;
  #left = MOST_AT_ONCE;
  #countedMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#countedMs = clock.nowMs();
  }

  /** False for one that nobody can have pressed. */
  take(): boolean {
    const nowMs = this.#clock.nowMs();
    this.#left = Math.min(MOST_AT_ONCE, this.#left + ((nowMs - this.#countedMs) / 1000) * PER_SECOND);
    this.#countedMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
