import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { VerifyApiKey } from "../api-keys/verify-api-key.ts";
import { AppError } from "../app-error.ts";
import type { AppEnv } from "./api-deps.ts";
import type { PageSessions } from "./page-session.ts";

const READS = ["GET", "HEAD", "OPTIONS"];

/** Lets a request through that has a valid key, or the session of our own page. */
export function authenticate(deps: { readonly verifyApiKey: VerifyApiKey; readonly sessions: PageSessions }) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const authorization = c.req.header("Authorization");
    if (authorization !== undefined) {
      const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      if (key === undefined || !(await deps.verifyApiKey(key)))
        throw new AppError("unauthorized", "the API key is not valid; send Authorization: Bearer <key>");
      c.set("principal", "key");
    } else {
      if (!deps.sessions.isOpen(c)) throw new AppError("unauthorized", "send Authorization: Bearer <API key>");
      if (!READS.includes(c.req.method) && !isSameOrigin(c))
        throw new AppError("forbidden_origin", "only this server's own page may do that without a key");
      c.set("principal", "session");
    }
    await next();
  });
}

/** Browsers say where a request comes from; one that doesn't say has no business with a cookie. */
function isSameOrigin(c: Context): boolean {
  const site = c.req.header("Sec-Fetch-Site");
  if (site !== undefined) return site === "same-origin";
  const origin = c.req.header("Origin");
  const host = c.req.header("Host") ?? new URL(c.req.url).host;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
