/** When a request is worth another try, and how long to wait before it. No clock and no chance of its own. */
import { ConnectionError, EarshotError } from "./earshot-error.ts";
import { parseDate } from "./timing.ts";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
/** A server that asks for more is asked again no later than this. */
const LONGEST_ASKED_WAIT_MS = 60_000;
const PASSING_STATUSES = [408, 429, 500, 502, 503, 504];
/** An earlier try of the same write is still under way; its answer will be this one's. */
const PASSING_CODES = ["idempotency_in_progress"];

/** Whether the same request may well succeed a moment later. */
export function isPassing(error: unknown): error is EarshotError {
  if (error instanceof ConnectionError) return true;
  if (!(error instanceof EarshotError)) return false;
  return PASSING_STATUSES.includes(error.status ?? 0) || PASSING_CODES.includes(error.code);
}

/**
 * What the server asked for, at most 60 s; else exponential back-off with full jitter, up to 0.5, 1, 2, 4 and 8 s.
 * `triesSoFar` counts from 1, `random` is at least 0 and less than 1.
 */
export function waitBeforeRetryMs(request: {
  triesSoFar: number;
  retryAfterMs: number | undefined;
  random: number;
}): number {
  const { triesSoFar, retryAfterMs, random } = request;
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, LONGEST_ASKED_WAIT_MS);
  return random * Math.min(FIRST_WAIT_MS * 2 ** (triesSoFar - 1), LONGEST_WAIT_MS);
}

/** Reads RFC 9110 section 10.2.3, seconds or a date, as ms from now; undefined for anything else. */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const atMs = parseDate(text);
  return atMs === undefined ? undefined : Math.max(0, atMs - nowMs);
}
