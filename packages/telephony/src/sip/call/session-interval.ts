import type { SipHeaders } from "../message/sip-headers.ts";

/** RFC 4028. Intervals are seconds on the wire and milliseconds here. */
export type SessionIntervalSettings = {
  /** What we ask for; 0: no session timers. Default 30 minutes. */
  readonly intervalMs: number;
  /** Shorter ones are refused with 422. Default 90 s, the least the RFC allows. */
  readonly minMs: number;
};

export const DEFAULT_SESSION_INTERVAL: SessionIntervalSettings = { intervalMs: 1_800_000, minMs: 90_000 };

/** The interval in force, and who refreshes it. */
export type SessionInterval = { readonly intervalMs: number; readonly isRefresher: boolean };

type SessionExpires = { readonly intervalMs: number; readonly refresher?: "uac" | "uas" };

function readSessionExpires(headers: SipHeaders): SessionExpires | undefined {
  const match = /^(\d{1,9})\s*(?:;(.*))?$/.exec(headers.get("session-expires") ?? "");
  if (!match) return undefined;
  const refresher = /refresher\s*=\s*(uac|uas)/i.exec(match[2] ?? "")?.[1]?.toLowerCase();
  return {
    intervalMs: Number(match[1]) * 1000,
    ...((refresher === "uac" || refresher === "uas") && { refresher }),
  };
}

export function readMinSeMs(headers: SipHeaders): number | undefined {
  const match = /^(\d{1,9})/.exec(headers.get("min-se") ?? "");
  return match ? Number(match[1]) * 1000 : undefined;
}

/** Headers of a request that asks for an interval; none when timers are off. */
export function askHeaders(
  settings: SessionIntervalSettings,
  refresher?: "uac" | "uas",
): Readonly<Record<string, string>> {
  if (settings.intervalMs === 0) return {};
  const intervalMs = Math.max(settings.intervalMs, settings.minMs);
  const who = refresher === undefined ? "" : `;refresher=${refresher}`;
  return {
    "session-expires": `${Math.round(intervalMs / 1000)}${who}`,
    "min-se": String(Math.round(settings.minMs / 1000)),
  };
}

export type ServerVerdict =
  /** Answer 422 with this Min-SE. */
  | { readonly kind: "too-small"; readonly headers: Readonly<Record<string, string>> }
  | {
      readonly kind: "agreed";
      readonly interval: SessionInterval | undefined;
      readonly headers: Readonly<Record<string, string>>;
    };

/** The callee's choice for a request, RFC 4028 section 9. `current`: who refreshes now goes on if nobody is named. */
export function agreeAsServer(
  request: SipHeaders,
  settings: SessionIntervalSettings,
  current?: SessionInterval,
): ServerVerdict {
  const asked = readSessionExpires(request);
  const canTimer = request.tokens("supported").includes("timer") || request.tokens("require").includes("timer");
  if (asked && asked.intervalMs < settings.minMs) {
    const headers = { "min-se": String(Math.round(settings.minMs / 1000)) };
    return canTimer ? { kind: "too-small", headers } : { kind: "agreed", interval: undefined, headers: {} };
  }
  if (!asked && (!canTimer || settings.intervalMs === 0)) return { kind: "agreed", interval: undefined, headers: {} };
  const leastMs = Math.max(settings.minMs, readMinSeMs(request) ?? 0);
  const wantedMs = settings.intervalMs === 0 ? Number.POSITIVE_INFINITY : settings.intervalMs;
  const intervalMs = asked ? Math.max(leastMs, Math.min(asked.intervalMs, wantedMs)) : Math.max(leastMs, wantedMs);
  const kept = current?.isRefresher ? "uas" : "uac";
  const preferred = asked?.refresher ?? (current || asked ? kept : "uas");
  const refresher = canTimer ? preferred : "uas";
  const headers: Record<string, string> = {
    "session-expires": `${Math.round(intervalMs / 1000)};refresher=${refresher}`,
  };
  if (refresher === "uac") headers["require"] = "timer";
  return { kind: "agreed", interval: { intervalMs, isRefresher: refresher === "uas" }, headers };
}

/** What the 2xx to our request settles, RFC 4028 section 7.2. */
export function agreeAsClient(response: SipHeaders): SessionInterval | undefined {
  const settled = readSessionExpires(response);
  if (!settled) return undefined;
  return { intervalMs: settled.intervalMs, isRefresher: (settled.refresher ?? "uac") === "uac" };
}

/** When to act: the refresher at half time, the other shortly before the end (RFC 4028 section 10). */
export function dueMs({ intervalMs, isRefresher }: SessionInterval): number {
  return isRefresher ? intervalMs / 2 : intervalMs - Math.min(32_000, intervalMs / 3);
}
