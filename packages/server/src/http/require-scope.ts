import type { Context } from "hono";
import { allows, type Scope } from "../api-keys/scope.ts";
import { AppError } from "../app-error.ts";
import type { AppEnv } from "./app-env.ts";

const READS = ["GET", "HEAD", "OPTIONS"];

/** What keys are limited by: agents, calls, … */
export type ScopeArea =
  | "agents"
  | "calls"
  | "messages"
  | "webhooks"
  | "speech"
  | "transcripts"
  | "gym"
  | "usage"
  | "admin";

/**
 * Lets keys through whose scopes allow what they ask for.
 * @param areaOf which area a path belongs to; undefined needs no scope
 */
export function requireScope(areaOf: (path: string) => ScopeArea | undefined) {
  return (c: Context<AppEnv>): void => {
    const area = areaOf(c.req.path);
    if (area === undefined) return;
    const needed = toScope(area, READS.includes(c.req.method));
    const { scopes } = c.get("principal");
    if (!allows(scopes, needed)) throw new AppError("insufficient_scope", `this key lacks the scope "${needed}"`);
  };
}

function toScope(area: ScopeArea, isRead: boolean): Scope {
  if (area === "speech") return "speech:write";
  if (area === "usage") return "usage:read";
  return isRead ? `${area}:read` : `${area}:write`;
}
