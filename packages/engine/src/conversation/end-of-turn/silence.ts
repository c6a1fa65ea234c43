/** How long this caller pauses inside a turn: learnt from every pause that looked like the end and was none. */

const REMEMBERED = 5;
const MARGIN_MS = 120;
/** Longer gaps are turns of their own. */
const LONGEST_PAUSE_MS = 3_000;

export function learnPause(pauses: readonly number[], pauseMs: number): readonly number[] {
  if (pauseMs <= 0 || pauseMs > LONGEST_PAUSE_MS) return pauses;
  return [...pauses.slice(1 - REMEMBERED), Math.round(pauseMs)];
}

/** The shortest silence that ends a turn of this caller: a little more than most of their pauses; `minMs` at first. */
export function shortestWaitMs(pauses: readonly number[], minMs: number, maxMs: number): number {
  if (pauses.length === 0) return minMs;
  const sorted = pauses.toSorted((a, b) => a - b);
  const usual = sorted[Math.floor((sorted.length - 1) * 0.8)] ?? 0;
  return Math.min(maxMs, Math.max(minMs, usual + MARGIN_MS));
}
