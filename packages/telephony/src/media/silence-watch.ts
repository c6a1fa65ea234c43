/** Notices when packets that should come don't. */
export class SilenceWatch {
  readonly #afterMs: number;
  readonly #handlers: { readonly onSilent?: () => void; readonly onResumed?: () => void };
  #sinceMs: number | undefined;
  #heardMs: number | undefined;
  #isSilent = false;

  constructor(afterMs: number, handlers: { readonly onSilent?: () => void; readonly onResumed?: () => void }) {
    this.#afterMs = afterMs;
    this.#handlers = handlers;
  }

  /** Packets are to be expected, or are not, from now on. */
  watch(isExpected: boolean, nowMs: number): void {
    this.#sinceMs = isExpected ? nowMs : undefined;
  }

  hear(nowMs: number): void {
    this.#heardMs = nowMs;
    if (this.#sinceMs !== undefined) this.#sinceMs = nowMs;
    if (!this.#isSilent) return;
    this.#isSilent = false;
    this.#handlers.onResumed?.();
  }

  check(nowMs: number): void {
    if (this.#isSilent || this.#sinceMs === undefined || nowMs - this.#sinceMs < this.#afterMs) return;
    this.#isSilent = true;
    this.#handlers.onSilent?.();
  }

  silentMs(nowMs: number): number | undefined {
    return this.#heardMs === undefined ? undefined : Math.round(nowMs - this.#heardMs);
  }
}
