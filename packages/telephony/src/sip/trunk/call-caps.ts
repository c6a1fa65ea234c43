import type { Clock } from "../../clock.ts";

/** A call that counts against its trunk, until it is given back. */
export type CallSlot =
  | { readonly kind: "taken"; readonly release: () => void }
  | { readonly kind: "refused"; readonly reason: "too_many_calls" }
  /** Try again then. */
  | { readonly kind: "refused"; readonly reason: "too_many_a_second"; readonly retryInMs: number };

/** How many calls a trunk bears at once, and how many may start in a second. */
export class CallCaps {
  readonly #clock: Clock;
  readonly #maxCalls: number;
  readonly #maxPerSecond: number;
  readonly #starts: number[] = [];
  #calls = 0;

  /** @param options `maxCalls` and `maxPerSecond` default: no cap */
  constructor(options: { clock: Clock; maxCalls?: number | undefined; maxPerSecond?: number | undefined }) {
    this.#clock = options.clock;
    this.#maxCalls = options.maxCalls ?? Number.POSITIVE_INFINITY;
    this.#maxPerSecond = options.maxPerSecond ?? Number.POSITIVE_INFINITY;
  }

  /** Calls that hold a slot. */
  get calls(): number {
    return this.#calls;
  }

  take(): CallSlot {
    const nowMs = this.#clock.nowMs();
    while (this.#starts[0] !== undefined && nowMs - this.#starts[0] >= 1_000) this.#starts.shift();
    if (this.#calls >= this.#maxCalls) return { kind: "refused", reason: "too_many_calls" };
    const [oldest = nowMs] = this.#starts;
    if (this.#starts.length >= this.#maxPerSecond) {
      return { kind: "refused", reason: "too_many_a_second", retryInMs: Math.max(1, oldest + 1_000 - nowMs) };
    }
    if (this.#maxPerSecond !== Number.POSITIVE_INFINITY) this.#starts.push(nowMs);
    this.#calls += 1;
    let isHeld = true;
    return {
      kind: "taken",
      release: () => {
        if (isHeld) this.#calls -= 1;
        isHeld = false;
      },
    };
  }
}
