import type { WallClock } from "../wall-clock.ts";

const WINDOW_MS = 60_000;
/** Keys that are counted at once; beyond it those whose minute is over are forgotten. */
const MAX_KEYS = 10_000;

/** Counts what each key has started in the last minute, on this node. */
export class CallAllowance {
  readonly #clock: WallClock;
  readonly #startedMs = new Map<string, number[]>();

  constructor(clock: WallClock) {
    this.#clock = clock;
  }

  /** Takes one of so many a minute. Zero when there was one left, else after how many ms there is. */
  take(key: string, perMinute: number): number {
    const nowMs = this.#clock.now().getTime();
    const recent = (this.#startedMs.get(key) ?? []).filter((atMs) => atMs > nowMs - WINDOW_MS);
    const [oldest = nowMs] = recent;
    if (recent.length >= perMinute) return oldest + WINDOW_MS - nowMs;
    if (this.#startedMs.size >= MAX_KEYS) this.#forget(nowMs);
    this.#startedMs.set(key, [...recent, nowMs]);
    return 0;
  }

  #forget(nowMs: number): void {
    for (const [key, started] of this.#startedMs)
      if ((started.at(-1) ?? 0) <= nowMs - WINDOW_MS) this.#startedMs.delete(key);
  }
}
