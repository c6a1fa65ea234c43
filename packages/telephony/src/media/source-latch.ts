import type { Endpoint } from "./media-transport.ts";

/** A new source must send so many packets in a row, and the old one must have been silent for so long. */
const PROBATION_PACKETS = 3;
const SILENT_MS = 1000;

export type Latching = "symmetric" | "as-described";

/**
 * Decides whose packets are the call's, and where ours go. The peer's description is believed until packets come from
 * elsewhere: behind a NAT they do. The first valid source is taken; another one later only if the first has gone silent,
 * so that a stranger who guesses the port can't take a call over. Authenticated packets may move at any time.
 */
export class SourceLatch {
  readonly #latching: Latching;
  #described: Endpoint | undefined;
  #locked: Endpoint | undefined;
  #lastMs = 0;
  #candidate: (Endpoint & { ssrc: number; sequence: number; count: number }) | undefined;

  /** `as-described`: packets are sent where the description says, and taken from its address only. */
  constructor(latching: Latching = "symmetric") {
    this.#latching = latching;
  }

  /** Where to send; undefined while nobody knows. */
  get remote(): Endpoint | undefined {
    return this.#locked ?? this.#described;
  }

  /** Where packets came from last. */
  get source(): Endpoint | undefined {
    return this.#locked;
  }

  /** A description came: the source may be another from now on, if it says so. */
  describe(endpoint: Endpoint | undefined): void {
    if (isSame(this.#described, endpoint)) return;
    this.#described = endpoint;
    this.#locked = undefined;
    this.#candidate = undefined;
  }

  /** A check succeeded: media goes there, and comes from there. */
  choose(endpoint: Endpoint): void {
    this.#locked = { address: endpoint.address, port: endpoint.port };
  }

  /** Whether a valid packet is to be played. */
  accepts(
    packet: { readonly ssrc: number; readonly sequence: number },
    from: Endpoint,
    { nowMs, isAuthenticated }: { nowMs: number; isAuthenticated: boolean },
  ): boolean {
    if (this.#latching === "as-described") return this.#described?.address === from.address;
    if (isSame(this.#locked, from)) {
      this.#lastMs = nowMs;
      this.#candidate = undefined;
      return true;
    }
    if (this.#locked && !isAuthenticated && !this.#isProven(packet, from, nowMs)) return false;
    this.#locked = { address: from.address, port: from.port };
    this.#lastMs = nowMs;
    this.#candidate = undefined;
    return true;
  }

  #isProven(packet: { ssrc: number; sequence: number }, from: Endpoint, nowMs: number): boolean {
    const { ssrc, sequence } = packet;
    const before = this.#candidate;
    const follows = isSame(before, from) && before?.ssrc === ssrc && ((sequence - before.sequence) & 0xffff) === 1;
    const count = follows && before ? before.count + 1 : 1;
    this.#candidate = { address: from.address, port: from.port, ssrc, sequence, count };
    return count >= PROBATION_PACKETS && (nowMs - this.#lastMs >= SILENT_MS || isSame(this.#described, from));
  }
}

function isSame(one: Endpoint | undefined, other: Endpoint | undefined): boolean {
  return one?.port === other?.port && one?.address === other?.address;
}
