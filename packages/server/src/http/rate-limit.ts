import type { Context } from "hono";
import { AppError } from "../app-error.ts";
import type { WallClock } from "../wall-clock.ts";
import type { AppEnv } from "./app-env.ts";

const WINDOW_MS = 60_000;
/** Callers that are counted at once; beyond it those whose window is over are forgotten. */
const MAX_CALLERS = 10_000;

type Window = { endsAtMs: number; requests: number };

/** Throws AppError `rate_limited`. */
export type LimitRate = (c: Context<AppEnv>) => void;

/**
 * Counts each key's requests in windows of a minute, on this node, over all HTTP surfaces.
 * @param options `requestsPerMinute`: absent = no limit
 */
export function createRateLimit(options: {
  readonly clock: WallClock;
  readonly requestsPerMinute: number | undefined;
}): LimitRate {
  const { clock, requestsPerMinute: limit } = options;
  const windows = new Map<string, Window>();

  return (c: Context<AppEnv>): void => {
    if (limit === undefined) return;
    const { keyId, kind, workspaceId } = c.get("principal");
    const nowMs = clock.now().getTime();
    const window = openWindow(windows, keyId ?? `${kind} ${workspaceId}`, nowMs);
    window.requests += 1;
    const resetS = Math.ceil((window.endsAtMs - nowMs) / 1000);
    const headers = {
      "X-RateLimit-Limit": String(limit),
      "X-RateLimit-Remaining": String(Math.max(0, limit - window.requests)),
      "X-RateLimit-Reset": String(Math.ceil(window.endsAtMs / 1000)),
      "RateLimit-Policy": `"default";q=${limit};w=${WINDOW_MS / 1000}`,
      RateLimit: `"default";r=${Math.max(0, limit - window.requests)};t=${resetS}`,
    };
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    if (window.requests > limit)
      throw new AppError("rate_limited", `more than ${limit} requests in a minute: try again in ${resetS} s`, {
        details: { retryAfterS: resetS },
      });
  };
}

function openWindow(windows: Map<string, Window>, caller: string, nowMs: number): Window {
  const current = windows.get(caller);
  if (current !== undefined && current.endsAtMs > nowMs) return current;
  if (windows.size >= MAX_CALLERS)
    for (const [name, { endsAtMs }] of windows) if (endsAtMs <= nowMs) windows.delete(name);
  const opened = { endsAtMs: nowMs + WINDOW_MS, requests: 0 };
  windows.set(caller, opened);
  return opened;
}
