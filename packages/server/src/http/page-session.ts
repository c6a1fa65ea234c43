import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { SCOPES, type Scope } from "../api-keys/scope.ts";
import type { WallClock } from "../wall-clock.ts";

const COOKIE = "earshot_session";
const LASTS_SECONDS = 7 * 86_400;

/** Lets the page of this server use the API without a key in the browser. Ends with the process, or with its key. */
export type PageSessions = {
  /** `keyId`: the key that it was opened with; absent for the configured one, and where none is needed. */
  open(c: Context, session: { readonly scopes: readonly Scope[]; readonly keyId?: string | undefined }): void;
  /** What the page may do; undefined when nobody is signed in. */
  scopesOf(c: Context): Promise<readonly Scope[] | undefined>;
  close(c: Context): void;
};

/**
 * Sessions are signed, not stored: nothing grows with their number.
 * @param isKeyValid whether a key still is
 */
export function createPageSessions(clock: WallClock, isKeyValid: (keyId: string) => Promise<boolean>): PageSessions {
  const secret = randomBytes(32);
  const sign = (value: string) => createHmac("sha256", secret).update(value).digest("base64url");

  return {
    open(c, { scopes, keyId = "" }) {
      const expiresAtMs = clock.now().getTime() + LASTS_SECONDS * 1000;
      const value = [expiresAtMs, toNumbers(scopes), keyId, randomBytes(12).toString("base64url")].join(".");
      setCookie(c, COOKIE, `${value}.${sign(value)}`, {
        path: "/",
        httpOnly: true,
        sameSite: "Strict",
        secure: isSecure(c),
        maxAge: LASTS_SECONDS,
      });
    },
    async scopesOf(c) {
      const cookie = getCookie(c, COOKIE) ?? "";
      const at = cookie.lastIndexOf(".");
      const [value, signature] = [cookie.slice(0, Math.max(0, at)), cookie.slice(at + 1)];
      const expected = Buffer.from(sign(value));
      const given = Buffer.from(signature);
      if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
      const [expiresAtMs, numbers = "", keyId = ""] = value.split(".");
      if (Number(expiresAtMs) <= clock.now().getTime()) return undefined;
      // Asked each time: a revoked key's session is over at once, and pages ask little.
      return keyId === "" || (await isKeyValid(keyId)) ? toScopes(numbers) : undefined;
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
