/** The longest delay that a call is given to even out its jitter. */
export const MAX_DELAY_MS = 2000;
const MIN_DELAY_MS = 20;
/** So much more than the delay needed, for ticks that come late. */
const MARGIN_MS = 5;
const BIN_MS = 10;
const BINS = MAX_DELAY_MS / BIN_MS;
/** The share of packets that may come too late. */
const LATE_SHARE = 0.01;
/** A packet counts half after 400 others: 8 s of speech. */
const GROWTH = 2 ** (1 / 400);
const MAX_WEIGHT = 1e6;
/** The fastest packet of the last eight to nine seconds is what all others are late against. */
const WINDOW_MS = 1000;
const WINDOWS = 9;

/**
 * How long packets must wait so that nearly all of them are there when their turn comes: from a histogram of how much
 * later than the fastest one each arrives, in which old packets fade.
 */
export class DelayTarget {
  readonly #weights = new Float64Array(BINS);
  #total = 0;
  #weight = 1;
  readonly #fastest = new Float64Array(WINDOWS).fill(Number.POSITIVE_INFINITY);
  #window = 0;
  #windowStartMs = 0;
  #baseMs = Number.POSITIVE_INFINITY;
  #targetMs: number;
  readonly #startMs: number;
  readonly #maxMs: number;

  /** `startMs`: the delay of a call that knows nothing yet. `maxMs`: at most 2000. */
  constructor({ startMs = 40, maxMs = MAX_DELAY_MS }: { startMs?: number; maxMs?: number } = {}) {
    this.#startMs = Math.min(startMs, maxMs);
    this.#maxMs = Math.min(maxMs, MAX_DELAY_MS);
    this.#targetMs = this.#startMs;
  }

  get targetMs(): number {
    return this.#targetMs;
  }

  /** Arrival less media time of the fastest packet: when media time 0 would have come. Infinite before the first one. */
  get baseMs(): number {
    return this.#baseMs;
  }

  /** Takes note of a packet for media time `mediaMs`. */
  observe(arrivedAtMs: number, mediaMs: number): void {
    const offsetMs = arrivedAtMs - mediaMs;
    if (this.#total === 0) this.#windowStartMs = arrivedAtMs;
    this.#turnWindows(arrivedAtMs);
    this.#fastest[this.#window] = Math.min(this.#fastest[this.#window] as number, offsetMs);
    this.#baseMs = Math.min(...this.#fastest);
    const bin = Math.min(BINS - 1, Math.floor((offsetMs - this.#baseMs) / BIN_MS));
    this.#weights[bin] = (this.#weights[bin] as number) + this.#weight;
    this.#total += this.#weight;
    this.#weight *= GROWTH;
    if (this.#weight > MAX_WEIGHT) this.#renormalise();
    this.#targetMs = this.#compute();
  }

  /** Forgets the fastest packet, as media time means something else from now on; the jitter stays known. */
  rebase(): void {
    this.#fastest.fill(Number.POSITIVE_INFINITY);
    this.#baseMs = Number.POSITIVE_INFINITY;
  }

  #turnWindows(nowMs: number): void {
    if (nowMs - this.#windowStartMs < WINDOW_MS) return;
    this.#windowStartMs = nowMs;
    this.#window = (this.#window + 1) % WINDOWS;
    this.#fastest[this.#window] = Number.POSITIVE_INFINITY;
  }

  #renormalise(): void {
    for (let bin = 0; bin < BINS; bin++) this.#weights[bin] = (this.#weights[bin] as number) / this.#weight;
    this.#total /= this.#weight;
    this.#weight = 1;
  }

  #compute(): number {
    // Until fifty packets have come, those not seen yet are taken to be as late as the start value.
    const known = Math.min(1, this.#total / (50 * this.#weight));
    let late = 0;
    let bin = BINS - 1;
    const bearable = this.#total * LATE_SHARE;
    while (bin > 0) {
      late += this.#weights[bin] as number;
      if (late > bearable) break;
      bin--;
    }
    const neededMs = (bin + 1) * BIN_MS + MARGIN_MS;
    const blendedMs = Math.max(neededMs, (1 - known) * this.#startMs);
    return Math.max(MIN_DELAY_MS, Math.min(this.#maxMs, blendedMs));
  }
}
