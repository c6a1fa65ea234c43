import type { Clock } from "@earshot/telephony";

/** How long a call rang, over all ways that it took. */
export class RingTime {
  readonly #clock: Clock;
  #startedMs: number | undefined;
  #rangMs: number | undefined;
  #stoppedMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get hasRung(): boolean {
    return this.#rangMs !== undefined;
  }

  /** The first INVITE has gone out. */
  start(): void {
    this.#startedMs ??= this.#clock.nowMs();
  }

  ring(): void {
    this.#rangMs ??= this.#clock.nowMs();
  }

  stop(): void {
    this.#stoppedMs = this.#clock.nowMs();
  }

  /** A far end that answers without ringing was rung from the INVITE on. */
  get value(): { readonly ringMs?: number } {
    const from = this.#rangMs ?? this.#startedMs;
    return from === undefined || this.#stoppedMs === undefined ? {} : { ringMs: Math.round(this.#stoppedMs - from) };
  }
}
