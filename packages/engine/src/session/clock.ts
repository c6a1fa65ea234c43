/** The engine's only source of time: a monotonic count of milliseconds that tests and the lab can drive. */
export interface Clock {
  /** Milliseconds since an arbitrary start; never goes back. */
  nowMs(): number;
  /** Runs once after `delayMs` (>= 0). The returned function cancels it and may be called again. */
  after(delayMs: number, run: () => void): () => void;
  /** Runs each `periodMs` until cancelled. After a stall it runs once, not once per missed period. */
  every(periodMs: number, run: () => void): () => void;
  /**
   * Work is under way whose duration counts. A clock that runs ahead keeps to real time until the returned function
   * is called (again: no effect). Other clocks ignore it.
   */
  working(): () => void;
}
