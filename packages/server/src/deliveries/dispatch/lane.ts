import type { Attempt, ClaimedDelivery } from "./claimed-delivery.ts";

/** An endpoint without an answer for so long is under suspicion. */
const SUSPECT_MS = 2_000;
/** Endpoints that answer faster than this get more deliveries claimed ahead. */
const FAST_MS = 250;
const MAX_AHEAD = 64;

/**
 * `fresh`: not heard of yet. `trusted`: its last attempt succeeded soon. `suspect`: its last attempt failed or took long,
 * or it has been silent for a while.
 */
export type Trust = "fresh" | "trusted" | "suspect";

/**
 * What this node does for one endpoint. It begins with one request at a time, gets more with each success and falls back
 * to one with a failure.
 */
export class Lane {
  readonly endpointId: string;
  readonly #maxInFlight: number;
  readonly #queue: ClaimedDelivery[] = [];
  #inFlight = 0;
  /** Attempted, and its result not stored yet. */
  #unstored = 0;
  #concurrency = 1;
  #ahead: number;
  #trust: Trust = "fresh";
  /** Since when it has been asked without an answer. */
  #silentSinceMs: number | undefined;
  usedAtMs = 0;

  constructor(endpointId: string, maxInFlight: number) {
    this.endpointId = endpointId;
    this.#maxInFlight = maxInFlight;
    this.#ahead = maxInFlight;
  }

  /** Claimed and not finished. */
  get held(): number {
    return this.#queue.length + this.#inFlight + this.#unstored;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get trust(): Trust {
    return this.#trust;
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
  begin(nowMs: number): ClaimedDelivery | undefined {
    const next = this.#queue.shift();
    if (next === undefined) return undefined;
    this.#inFlight++;
    this.#silentSinceMs ??= nowMs;
    return next;
  }

  /** Becomes suspect when it has been silent for too long. */
  age(nowMs: number): void {
    if (this.#silentSinceMs !== undefined && nowMs - this.#silentSinceMs >= SUSPECT_MS) this.#suspect();
  }

  /** After an attempt; without one when it was given up. */
  end(attempt: Attempt | undefined, nowMs: number): void {
    this.#inFlight--;
    this.#unstored++;
    this.#silentSinceMs = this.#inFlight === 0 ? undefined : nowMs;
    if (attempt === undefined || attempt.outcome === "undeliverable" || attempt.outcome === "not_told") return;
    if (attempt.outcome !== "succeeded" || attempt.durationMs >= SUSPECT_MS) {
      this.#suspect();
      return;
    }
    this.#trust = "trusted";
    this.#concurrency = Math.min(this.#maxInFlight, this.#concurrency + 1);
    const isFast = attempt.durationMs < FAST_MS;
    this.#ahead = isFast ? Math.min(MAX_AHEAD, Math.max(this.#maxInFlight, this.#ahead * 2)) : this.#maxInFlight;
  }

  /** Its result is stored, or it was given back. */
  settle(): void {
    this.#unstored--;
  }

  #suspect(): void {
    this.#trust = "suspect";
    this.#concurrency = 1;
    this.#ahead = 1;
  }

  /** Takes back all that hasn't begun. */
  clear(): ClaimedDelivery[] {
    return this.#queue.splice(0);
  }
}
