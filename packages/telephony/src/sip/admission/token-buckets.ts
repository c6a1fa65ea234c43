import type { Clock } from "../../clock.ts";

type Bucket = { tokens: number; atMs: number };

/**
 * A bucket of tokens for each source, for a bounded number of sources. When the table is full, the source that was
 * quiet longest is forgotten: it starts again with a full bucket, so a flood from many addresses costs memory no more
 * than this; a second table with one bucket can hold all together.
 */
export class TokenBuckets {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #maxSources: number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param options `perSecond` and `burst` of one source; `maxSources` default 10,000 */
  constructor(options: { clock: Clock; perSecond: number; burst: number; maxSources?: number }) {
    this.#clock = options.clock;
    this.#perSecond = options.perSecond;
    this.#burst = options.burst;
    this.#maxSources = options.maxSources ?? 10_000;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Takes one token; false when there is none. */
  take(source: string): boolean {
    const nowMs = this.#clock.nowMs();
    const bucket = this.#buckets.get(source) ?? { tokens: this.#burst, atMs: nowMs };
    const filled = Math.min(this.#burst, bucket.tokens + ((nowMs - bucket.atMs) * this.#perSecond) / 1000);
    const isAllowed = filled >= 1;
    this.#buckets.delete(source);
    this.#buckets.set(source, { tokens: isAllowed ? filled - 1 : filled, atMs: nowMs });
    if (this.#buckets.size > this.#maxSources) {
      const [quietest] = this.#buckets.keys();
      if (quietest !== undefined) this.#buckets.delete(quietest);
    }
    return isAllowed;
  }
}
