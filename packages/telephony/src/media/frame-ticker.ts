import type { Clock } from "../clock.ts";
import { FRAME_MS } from "../codecs/audio-codec.ts";

/** Sessions take turns, so that a thousand packets don't leave at once. */
const SLOTS = 4;
const SLOT_MS = FRAME_MS / SLOTS;
/** After a stall so many frames are made up for at once; those before are skipped. */
const MAX_BEHIND = 5;

/** A session's first frame needs this long to get here. */
const FIRST_FRAME_SLOTS = 1;
/** A slot may have so many sessions more than the emptiest one, so that a new one need not wait for its turn. */
const MAX_MORE = 1;

/** `skipped`: frames that came to nothing since the last call, as the process stood still for longer than 100 ms. */
export type FrameTick = (nowMs: number, skipped: number) => void;

/** One beat of 20 ms for all sessions of a thread; it runs while anybody listens. */
export class FrameTicker {
  readonly #clock: Clock;
  readonly #slots = Array.from({ length: SLOTS }, () => new Set<FrameTick>());
  #cancel: (() => void) | undefined;
  #startMs = 0;
  #done = 0;
  #lateMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How late the latest beat was: what the sessions lose to other work of the thread. */
  get lateMs(): number {
    return this.#lateMs;
  }

  /** Runs `tick` every 20 ms until the returned function is called. */
  add(tick: FrameTick): () => void {
    this.#start();
    const slot = this.#chooseSlot();
    // A fresh function: the same one may be added twice.
    const listener: FrameTick = (nowMs, skipped) => tick(nowMs, skipped);
    slot.add(listener);
    return () => {
      slot.delete(listener);
      if (this.#slots.every((listeners) => listeners.size === 0)) this.#stop();
    };
  }

  /** The soonest that isn't too full. */
  #chooseSlot(): Set<FrameTick> {
    const sizes = this.#slots.map(({ size }) => size);
    const most = Math.min(...sizes) + MAX_MORE;
    const behind = Math.max(0, Math.floor((this.#clock.nowMs() - this.#startMs) / SLOT_MS) - this.#done);
    const soonest = this.#done + behind + FIRST_FRAME_SLOTS;
    const turns = Array.from({ length: SLOTS }, (_, later) => (soonest + later) % SLOTS);
    const turn = turns.find((index) => (sizes[index] ?? 0) <= most) ?? 0;
    return this.#slots[turn] as Set<FrameTick>;
  }

  #start(): void {
    if (this.#cancel) return;
    this.#startMs = this.#clock.nowMs();
    this.#done = 0;
    this.#cancel = this.#clock.every(SLOT_MS, () => this.#run());
  }

  #stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #run(): void {
    const nowMs = this.#clock.nowMs();
    const due = Math.floor((nowMs - this.#startMs) / SLOT_MS);
    this.#lateMs = Math.max(0, nowMs - this.#startMs - (this.#done + 1) * SLOT_MS);
    // Whole frames only, so that every slot skips the same.
    const skipped = Math.max(0, Math.ceil((due - this.#done - MAX_BEHIND * SLOTS) / SLOTS));
    this.#done += skipped * SLOTS;
    for (let caughtUp = 0; this.#done < due && this.#cancel; caughtUp++, this.#done++) {
      const slot = this.#slots[this.#done % SLOTS] as Set<FrameTick>;
      for (const tick of slot) tick(nowMs, caughtUp < SLOTS ? skipped : 0);
    }
  }
}
