/** The package's only source of time, handed in by whoever constructs a part. The engine's clock fits. */
export interface Clock {
  /** Milliseconds since any start; never goes back. */
  nowMs(): number;
  /** Runs once after `delayMs` (>= 0). The returned function cancels it and may be called again. */
  after(delayMs: number, run: () => void): () => void;
  /** Runs each `periodMs` until cancelled. After a stall it runs once, not once per missed period. */
  every(periodMs: number, run: () => void): () => void;
}
