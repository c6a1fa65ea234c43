import type { WallClock } from "../wall-clock.ts";

const WINDOW_MS = 60_000;
/** Those that are counted at once; beyond it those whose minute is over are forgotten. */
const MAX_COUNTED = 10_000;

/** Counts what each of many has started in the last minute, on this node. */
export class CallAllowance {
  readonly #clock: WallClock;
  readonly #startedMs = new Map<string, number[]>();

  constructor(clock: WallClock) {
    this.#clock = clock;
  }

  /** After how many ms there is another one of so many a minute; zero when there is one left. */
  waitMs(key: string, perMinute: number): number {
    const nowMs = this.#clock.now().getTime();
    const recent = this.#recent(key, nowMs);
    // The one that has to be a minute old for another to start.
    const oldest = recent[recent.length - perMinute];
    return oldest === undefined ? 0 : oldest + WINDOW_MS - nowMs;
  }

  take(key: string): void {
    const nowMs = this.#clock.now().getTime();
    if (this.#startedMs.size >= MAX_COUNTED) this.#forget(nowMs);
    this.#startedMs.set(key, [...this.#recent(key, nowMs), nowMs]);
  }

  #recent(key: string, nowMs: number): number[] {
    return (this.#startedMs.get(key) ?? []).filter((atMs) => atMs > nowMs - WINDOW_MS);
  }

  #forget(nowMs: number): void {
    for (const [key, started] of this.#startedMs)
      if ((started.at(-1) ?? 0) <= nowMs - WINDOW_MS) this.#startedMs.delete(key);
  }
}
