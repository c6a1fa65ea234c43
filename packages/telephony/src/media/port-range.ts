import type { Clock } from "../clock.ts";

const DEFAULT_QUARANTINE_MS = 10_000;

export class PortError extends Error {
  readonly code: "no_free_port" | "invalid_range";

  constructor(code: PortError["code"], message: string) {
    super(message);
    this.name = "PortError";
    this.code = code;
  }
}

/**
 * Lends the even ports of a range, one after another, and each again only some time after it came back: packets of the
 * last call may still be on their way.
 */
export class PortRange {
  readonly #clock: Clock;
  readonly #first: number;
  readonly #count: number;
  readonly #quarantineMs: number;
  readonly #lent = new Set<number>();
  readonly #freeAtMs = new Map<number, number>();
  #next: number;

  /**
   * `from` and `to`: the range, both included. `quarantineMs`: default 10 s. `start`: 0 to 1, where in the range to begin.
   * @throws PortError for a range without a pair of ports
   */
  constructor(clock: Clock, given: { from?: number; to?: number; quarantineMs?: number; start?: number } = {}) {
    const { from = 20_000, to = 29_999, quarantineMs = DEFAULT_QUARANTINE_MS, start = 0 } = given;
    const isValid = [from, to].every((port) => Number.isInteger(port) && port >= 1 && port <= 65_535);
    this.#first = from + (from % 2);
    this.#count = Math.floor((to + 1 - this.#first) / 2);
    if (!isValid || this.#count < 1)
      throw new PortError(
        "invalid_range",
        `${from}-${to} has no even port with one after it: give for example 20000-29999.`,
      );
    this.#clock = clock;
    this.#quarantineMs = quarantineMs;
    this.#next = Math.floor(start * this.#count) % this.#count;
  }

  /** Calls that fit at a time. */
  get size(): number {
    return this.#count;
  }

  /** @throws PortError when all are lent or resting */
  take(): number {
    const nowMs = this.#clock.nowMs();
    for (let tried = 0; tried < this.#count; tried++) {
      const port = this.#first + 2 * this.#next;
      this.#next = (this.#next + 1) % this.#count;
      if (this.#lent.has(port) || (this.#freeAtMs.get(port) ?? 0) > nowMs) continue;
      this.#freeAtMs.delete(port);
      this.#lent.add(port);
      return port;
    }
    throw new PortError(
      "no_free_port",
      `All ${this.#count} RTP port pairs are in use: widen the range or take fewer calls.`,
    );
  }

  /** A port comes back, or turned out to be taken by another process. */
  giveBack(port: number): void {
    if (this.#lent.delete(port)) this.#freeAtMs.set(port, this.#clock.nowMs() + this.#quarantineMs);
  }
}
