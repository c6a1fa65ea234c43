import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { SCOPES, type Scope } from "../api-keys/scope.ts";
import type { WallClock } from "../wall-clock.ts";

const COOKIE = "earshot_session";
const LASTS_SECONDS = 7 * 86_400;

/** Lets the page of this server use the API without a key in the browser. Ends with the process. */
export type PageSessions = {
  open(c: Context, scopes: readonly Scope[]): void;
  /** What the page may do; undefined when nobody is signed in. */
  scopesOf(c: Context): readonly Scope[] | undefined;
  close(c: Context): void;
};

/** Sessions are signed, not stored: nothing grows with their number. */
export function createPageSessions(clock: WallClock): PageSessions {
  const secret = randomBytes(32);
  const sign = (value: string) => createHmac("sha256", secret).update(value).digest("base64url");

  return {
    open(c, scopes) {
      const expiresAtMs = clock.now().getTime() + LASTS_SECONDS * 1000;
      const value = [expiresAtMs, toNumbers(scopes), randomBytes(12).toString("base64url")].join(".");
      setCookie(c, COOKIE, `${value}.${sign(value)}`, {
        path: "/",
        httpOnly: true,
        sameSite: "Strict",
        secure: isSecure(c),
        maxAge: LASTS_SECONDS,
      });
    },
    scopesOf(c) {
      const cookie = getCookie(c, COOKIE) ?? "";
      const at = cookie.lastIndexOf(".");
      const [value, signature] = [cookie.slice(0, Math.max(0, at)), cookie.slice(at + 1)];
      const expected = Buffer.from(sign(value));
      const given = Buffer.from(signature);
      if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
      const [expiresAtMs, numbers = ""] = value.split(".");
      return Number(expiresAtMs) > clock.now().getTime() ? toScopes(numbers) : undefined;
    },
    close(c) {
      deleteCookie(c, COOKIE, { path: "/" });
    },
  };
}

function toNumbers(scopes: readonly Scope[]): string {
  return scopes.map((scope) => SCOPES.indexOf(scope)).join("-");
}

function toScopes(numbers: string): Scope[] {
  return numbers.split("-").flatMap((number) => SCOPES[Number(number)] ?? []);
}

/** Whether the browser reached us by https, straight or through a proxy. */
export function isSecure(c: Context): boolean {
  return c.req.header("X-Forwarded-Proto") === "https" || new URL(c.req.url).protocol === "https:";
}
