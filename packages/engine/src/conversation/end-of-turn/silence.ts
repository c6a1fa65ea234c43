/** How long this caller pauses inside a turn: learnt from every pause that looked like the end and was none. */

const REMEMBERED = 5;
/** Before the pace of a dictation is known, its pauses are no longer than this, ms. */
export const PIECE_PAUSE_MS = 1_100;
/** Afterwards no longer than the longest so far by this share and so many ms. */
const PACE = { fromPauses: 2, share: 1.3, marginMs: 200 };
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

/** The pauses inside a turn, to which one is added. */
export function addTurnPause(pauses: readonly number[], pauseMs: number): readonly number[] {
  return [...pauses.slice(1 - REMEMBERED), Math.round(pauseMs)];
}

/** Longer than a pause between two pieces of what is dictated at this pace; undefined before the pace is known. */
export function toPaceMs(turnPauses: readonly number[]): number | undefined {
  if (turnPauses.length < PACE.fromPauses) return undefined;
  return Math.round(Math.max(...turnPauses) * PACE.share + PACE.marginMs);
}
