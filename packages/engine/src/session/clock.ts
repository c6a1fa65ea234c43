/** The engine's only source of time: a monotonic count of milliseconds that tests and the lab can drive. */
export interface Clock {
  /** Milliseconds since an arbitrary start; never goes back. */
  nowMs(): number;
  /** Runs once after `delayMs` (>= 0). The returned function cancels it and may be called again. */
  after(delayMs: number, run: () => void): () => void;
  /** Runs each `periodMs` until cancelled, catching up after a stall so that no period is lost. */
  every(periodMs: number, run: () => void): () => void;
}
