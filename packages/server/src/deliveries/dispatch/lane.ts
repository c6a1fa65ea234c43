import type { Attempt, ClaimedDelivery } from "./claimed-delivery.ts";

/** An answer later than this isn't one of a healthy endpoint. */
const HEALTHY_MS = 5_000;
/** Endpoints that answer faster than this get more deliveries claimed ahead. */
const FAST_MS = 250;
const FIRST_CONCURRENCY = 2;
const MAX_AHEAD = 64;

/**
 * What this node does for one endpoint. It begins with few requests at a time, gets more with each success and falls
 * back to one with a failure.
 */
export class Lane {
  readonly endpointId: string;
  readonly #maxInFlight: number;
  readonly #queue: ClaimedDelivery[] = [];
  #inFlight = 0;
  /** Attempted, and its result not stored yet. */
  #unstored = 0;
  #concurrency: number;
  #ahead: number;
  /** Its last attempt succeeded soon. The others share half of the node's room. */
  isTrusted = false;
  usedAtMs = 0;

  constructor(endpointId: string, maxInFlight: number) {
    this.endpointId = endpointId;
    this.#maxInFlight = maxInFlight;
    this.#concurrency = Math.min(FIRST_CONCURRENCY, maxInFlight);
    this.#ahead = maxInFlight;
  }

  /** Claimed and not finished. */
  get held(): number {
    return this.#queue.length + this.#inFlight + this.#unstored;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** How many more may be claimed. */
  get room(): number {
    return Math.max(0, this.#ahead - this.held);
  }

  get isReady(): boolean {
    return this.#queue.length > 0 && this.#inFlight < this.#concurrency;
  }

  add(delivery: ClaimedDelivery): void {
    this.#queue.push(delivery);
  }

  /** The next to be attempted. */
  begin(): ClaimedDelivery | undefined {
    const next = this.#queue.shift();
    if (next !== undefined) this.#inFlight++;
    return next;
  }

  /** After an attempt; without one when it was given up. */
  end(attempt: Attempt | undefined): void {
    this.#inFlight--;
    this.#unstored++;
    if (attempt === undefined || attempt.outcome === "undeliverable" || attempt.outcome === "not_told") return;
    this.isTrusted = attempt.outcome === "succeeded" && attempt.durationMs < HEALTHY_MS;
    if (!this.isTrusted) {
      this.#concurrency = 1;
      this.#ahead = 1;
      return;
    }
    this.#concurrency = Math.min(this.#maxInFlight, this.#concurrency + 1);
    const isFast = attempt.durationMs < FAST_MS;
    this.#ahead = isFast ? Math.min(MAX_AHEAD, Math.max(this.#maxInFlight, this.#ahead * 2)) : this.#maxInFlight;
  }

  /** Its result is stored, or it was given back. */
  settle(): void {
    this.#unstored--;
  }

  /** Takes back all that hasn't begun. */
  clear(): ClaimedDelivery[] {
    return this.#queue.splice(0);
  }
}
