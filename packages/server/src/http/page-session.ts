import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { WallClock } from "../wall-clock.ts";

const COOKIE = "earshot_session";
const LASTS_SECONDS = 7 * 86_400;

/** Lets the page of this server use the API without a key in the browser. Ends with the process. */
export type PageSessions = {
  open(c: Context): void;
  isOpen(c: Context): boolean;
  close(c: Context): void;
};

/** Sessions are signed, not stored: nothing grows with their number. */
export function createPageSessions(clock: WallClock): PageSessions {
  const secret = randomBytes(32);
  const sign = (value: string) => createHmac("sha256", secret).update(value).digest("base64url");

  return {
    open(c) {
      const expiresAtMs = clock.now().getTime() + LASTS_SECONDS * 1000;
      const value = `${expiresAtMs}.${randomBytes(12).toString("base64url")}`;
      setCookie(c, COOKIE, `${value}.${sign(value)}`, {
        path: "/",
        httpOnly: true,
        sameSite: "Strict",
        secure: isSecure(c),
        maxAge: LASTS_SECONDS,
      });
    },
    isOpen(c) {
      const cookie = getCookie(c, COOKIE) ?? "";
      const at = cookie.lastIndexOf(".");
      const [value, signature] = [cookie.slice(0, Math.max(0, at)), cookie.slice(at + 1)];
      const expected = Buffer.from(sign(value));
      const given = Buffer.from(signature);
      if (expected.length !== given.length || !timingSafeEqual(expected, given)) return false;
      return Number(value.split(".", 1)[0]) > clock.now().getTime();
    },
    close(c) {
      deleteCookie(c, COOKIE, { path: "/" });
    },
  };
}

/** Whether the browser reached us by https, straight or through a proxy. */
export function isSecure(c: Context): boolean {
  return c.req.header("X-Forwarded-Proto") === "https" || new URL(c.req.url).protocol === "https:";
}
