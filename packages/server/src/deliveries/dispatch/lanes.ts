import type { Attempt, ClaimedDelivery } from "./claimed-delivery.ts";
import { Lane } from "./lane.ts";

/** Endpoints that are remembered while nothing is due for them. */
const MAX_IDLE_LANES = 2000;
/** Claimed deliveries for each that may be in flight. */
const HELD_PER_SLOT = 6;

/**
 * Shares a node's room among endpoints: each in turn, and those that aren't known to answer soon never more than half
 * of it together, so that the others always find room.
 */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #maxInFlight: number;
  readonly #maxInFlightEach: number;
  /** Whose turn it is, the next one first. */
  readonly #turns = new Set<Lane>();
  readonly #all = { held: 0, inFlight: 0 };
  readonly #untrusted = { held: 0, inFlight: 0 };

  constructor(options: { readonly maxInFlight: number; readonly maxInFlightEach: number }) {
    this.#maxInFlight = options.maxInFlight;
    this.#maxInFlightEach = options.maxInFlightEach;
  }

  get inFlight(): number {
    return this.#all.inFlight;
  }

  /** How much of which endpoint to claim next. */
  rooms(): { readonly limit: number; readonly rooms: Map<string, number>; readonly defaultRoom: number } {
    const max = this.#maxInFlight * HELD_PER_SLOT;
    const untrustedRoom = Math.max(0, Math.floor(max / 2) - this.#untrusted.held);
    const defaultRoom = Math.min(this.#maxInFlightEach, untrustedRoom);
    const rooms = new Map<string, number>();
    for (const lane of this.#lanes.values()) {
      const room = lane.isTrusted ? lane.room : Math.min(lane.room, untrustedRoom);
      if (room !== defaultRoom) rooms.set(lane.endpointId, room);
    }
    return { limit: Math.max(0, max - this.#all.held), rooms, defaultRoom };
  }

  add(delivery: ClaimedDelivery, nowMs: number): void {
    const lane = this.#get(delivery.endpoint.id);
    lane.usedAtMs = nowMs;
    this.#change(lane, () => lane.add(delivery));
    this.#turns.add(lane);
  }

  /** The next to be attempted, or undefined when there is nothing to do or no room to do it. */
  begin(): { readonly lane: Lane; readonly delivery: ClaimedDelivery } | undefined {
    if (this.#all.inFlight >= this.#maxInFlight) return undefined;
    const hasUntrustedRoom = this.#untrusted.inFlight < Math.max(1, this.#maxInFlight / 2);
    for (const lane of this.#turns) {
      if (lane.isReady && !lane.isTrusted && !hasUntrustedRoom) continue;
      this.#turns.delete(lane);
      const delivery = lane.isReady ? this.#change(lane, () => lane.begin()) : undefined;
      if (delivery === undefined) continue;
      if (lane.isReady) this.#turns.add(lane);
      return { lane, delivery };
    }
    return undefined;
  }

  /** After an attempt; without one when it was given up. */
  end(lane: Lane, attempt: Attempt | undefined): void {
    this.#change(lane, () => lane.end(attempt));
    if (lane.isReady) this.#turns.add(lane);
  }

  /** The results of so many of its attempts are stored, or they were given back. */
  settle(endpointId: string): void {
    const lane = this.#get(endpointId);
    this.#change(lane, () => lane.settle());
  }

  /** Takes back all that hasn't begun. */
  clear(): ClaimedDelivery[] {
    return [...this.#lanes.values()].flatMap((lane) => this.#change(lane, () => lane.clear()));
  }

  /** Forgets endpoints for which nothing was due for the longest. */
  trim(): void {
    if (this.#lanes.size <= MAX_IDLE_LANES) return;
    const idle = [...this.#lanes.values()].filter(({ held }) => held === 0).toSorted((a, b) => a.usedAtMs - b.usedAtMs);
    for (const { endpointId } of idle.slice(0, this.#lanes.size - MAX_IDLE_LANES)) this.#lanes.delete(endpointId);
  }

  #get(endpointId: string): Lane {
    let lane = this.#lanes.get(endpointId);
    if (lane === undefined) {
      lane = new Lane(endpointId, this.#maxInFlightEach);
      this.#lanes.set(endpointId, lane);
    }
    return lane;
  }

  /** Keeps the sums right. */
  #change<Result>(lane: Lane, run: () => Result): Result {
    this.#sum(lane, -1);
    const result = run();
    this.#sum(lane, 1);
    return result;
  }

  #sum(lane: Lane, sign: 1 | -1): void {
    for (const sums of lane.isTrusted ? [this.#all] : [this.#all, this.#untrusted]) {
      sums.held += sign * lane.held;
      sums.inFlight += sign * lane.inFlight;
    }
  }
}
