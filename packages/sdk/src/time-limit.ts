import type { Timing } from "./timing.ts";

/** Aborts when the time is up, or with the caller's own signal. */
export class TimeLimit {
  /** 0: none. */
  readonly limitMs: number;
  /** Aborted by whichever comes first. */
  readonly signal: AbortSignal;
  readonly #timeUp = new AbortController();
  readonly #cancel: () => void;

  constructor(options: { limitMs: number; signal: AbortSignal | undefined; timing: Timing }) {
    const { limitMs, signal, timing } = options;
    this.limitMs = limitMs;
    this.signal = signal === undefined ? this.#timeUp.signal : AbortSignal.any([this.#timeUp.signal, signal]);
    this.#cancel = limitMs > 0 ? timing.after(limitMs, () => this.#timeUp.abort()) : () => undefined;
  }

  get isOver(): boolean {
    return this.#timeUp.signal.aborted;
  }

  stop(): void {
    this.#cancel();
  }
}
