import type { Attempt, ClaimedDelivery } from "./claimed-delivery.ts";
import { Lane, type Trust } from "./lane.ts";

/** Endpoints that are remembered while nothing is due for them. */
const MAX_IDLE_LANES = 2000;
/** Claimed deliveries for each that may be in flight. */
const HELD_PER_SLOT = 6;

/** How much of a node's room those of a kind may take. */
const SHARES: Readonly<Record<Trust, number>> = { fresh: 1 / 4, suspect: 1 / 2, trusted: 1 };
/** … and all but the trusted, who always find some: what was fresh when it began may be suspect by now. */
const UNTRUSTED_SHARE = 3 / 4;

/** Shares a node's room among endpoints: each in turn, and each kind within its share. */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #maxInFlight: number;
  readonly #maxInFlightEach: number;
  /** Whose turn it is, the next one first. */
  readonly #turns = new Set<Lane>();
  readonly #all = { held: 0, inFlight: 0 };
  readonly #of = {
    fresh: { held: 0, inFlight: 0 },
    suspect: { held: 0, inFlight: 0 },
    trusted: { held: 0, inFlight: 0 },
  };

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
    const roomOf = (trust: Trust) => Math.max(0, Math.ceil(max * SHARES[trust]) - this.#of[trust].held);
    const room = { fresh: roomOf("fresh"), suspect: roomOf("suspect"), trusted: max };
    const defaultRoom = Math.min(this.#maxInFlightEach, room.fresh);
    const rooms = new Map<string, number>();
    for (const lane of this.#lanes.values()) {
      const laneRoom = Math.min(lane.room, room[lane.trust]);
      if (laneRoom !== defaultRoom) rooms.set(lane.endpointId, laneRoom);
    }
    // Not what all hold: one claim may take more of the others than their share, and must not shut out the trusted.
    return { limit: Math.max(0, max - this.#of.trusted.held), rooms, defaultRoom };
  }

  add(delivery: ClaimedDelivery, nowMs: number): void {
    const lane = this.#get(delivery.endpoint.id);
    lane.usedAtMs = nowMs;
    this.#change(lane, () => lane.add(delivery));
    this.#turns.add(lane);
  }

  /** The next to be attempted, or undefined when there is nothing to do or no room to do it. */
  begin(nowMs: number): { readonly lane: Lane; readonly delivery: ClaimedDelivery } | undefined {
    if (this.#all.inFlight >= this.#maxInFlight) return undefined;
    const untrusted = this.#of.fresh.inFlight + this.#of.suspect.inFlight;
    const hasRoom = (trust: Trust) =>
      this.#of[trust].inFlight < Math.ceil(this.#maxInFlight * SHARES[trust]) &&
      (trust === "trusted" || untrusted < Math.ceil(this.#maxInFlight * UNTRUSTED_SHARE));
    for (const lane of this.#turns) {
      if (lane.isReady && !hasRoom(lane.trust)) continue;
      this.#turns.delete(lane);
      const delivery = lane.isReady ? this.#change(lane, () => lane.begin(nowMs)) : undefined;
      if (delivery === undefined) continue;
      if (lane.isReady) this.#turns.add(lane);
      return { lane, delivery };
    }
    return undefined;
  }

  /** After an attempt; without one when it was given up. */
  end(lane: Lane, attempt: Attempt | undefined, nowMs: number): void {
    this.#change(lane, () => lane.end(attempt, nowMs));
    if (lane.isReady) this.#turns.add(lane);
  }

  /** Finds the endpoints that have been silent for too long. */
  age(nowMs: number): void {
    for (const lane of this.#lanes.values()) this.#change(lane, () => lane.age(nowMs));
  }

  /** The result of one of its attempts is stored. */
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
    for (const sums of [this.#all, this.#of[lane.trust]]) {
      sums.held += sign * lane.held;
      sums.inFlight += sign * lane.inFlight;
    }
  }
}
