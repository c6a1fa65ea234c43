import { AppError } from "../../app-error.ts";
import type { WallClock } from "../../wall-clock.ts";

const WINDOW_MS = 60_000;
const COMMANDS_A_WINDOW = 10;
/** Calls that are counted at once; beyond it those whose minute is over are forgotten. */
const MAX_CALLS = 10_000;

type Window = { readonly endsAtMs: number; commands: number };

/** Counts control commands: ten a minute for each call, on this node. */
export class ControlLimit {
  readonly #clock: WallClock;
  readonly #windows = new Map<string, Window>();

  constructor(clock: WallClock) {
    this.#clock = clock;
  }

  /** @throws AppError `rate_limited` */
  count(callId: string): void {
    const nowMs = this.#clock.now().getTime();
    const window = this.#open(callId, nowMs);
    window.commands += 1;
    if (window.commands <= COMMANDS_A_WINDOW) return;
    const retryAfterS = Math.ceil((window.endsAtMs - nowMs) / 1000);
    throw new AppError(
      "rate_limited",
      `more than ${COMMANDS_A_WINDOW} control commands a minute for one call: try again in ${retryAfterS} s`,
      { details: { retryAfterS } },
    );
  }

  #open(callId: string, nowMs: number): Window {
    const current = this.#windows.get(callId);
    if (current !== undefined && current.endsAtMs > nowMs) return current;
    if (this.#windows.size >= MAX_CALLS)
      for (const [id, { endsAtMs }] of this.#windows) if (endsAtMs <= nowMs) this.#windows.delete(id);
    const opened = { endsAtMs: nowMs + WINDOW_MS, commands: 0 };
    this.#windows.set(callId, opened);
    return opened;
  }
}
