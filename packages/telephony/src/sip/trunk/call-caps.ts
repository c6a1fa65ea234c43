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
  #maxCalls = Number.POSITIVE_INFINITY;
  #maxPerSecond = Number.POSITIVE_INFINITY;
  readonly #starts: number[] = [];
  #calls = 0;

  /** @param options `maxCalls` and `maxPerSecond` default: no cap */
  constructor(options: { clock: Clock; maxCalls?: number | undefined; maxPerSecond?: number | undefined }) {
    this.#clock = options.clock;
    this.change(options);
  }

  /** Other caps from now on; calls that hold a slot keep it. Absent: no cap. */
  change({ maxCalls, maxPerSecond }: { maxCalls?: number | undefined; maxPerSecond?: number | undefined }): void {
    this.#maxCalls = maxCalls ?? Number.POSITIVE_INFINITY;
    this.#maxPerSecond = maxPerSecond ?? Number.POSITIVE_INFINITY;
    if (this.#maxPerSecond === Number.POSITIVE_INFINITY) this.#starts.length = 0;
  }

  /** Calls that hold a slot. */
  get calls(): number {
    return this.#calls;
  }

  /** For a call that the far end began: it counts, at whatever pace they come. */
  takeIncoming(): CallSlot {
    if (this.#calls >= this.#maxCalls) return { kind: "refused", reason: "too_many_calls" };
    return this.#hold();
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
    return this.#hold();
  }

  #hold(): CallSlot & { kind: "taken" } {
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
