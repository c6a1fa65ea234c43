import type { Context } from "hono";
import { AppError } from "../app-error.ts";

const NUL = /%00|\0/;

/** A database can't look for text with NUL in it: nothing is called so, and no parameter may hold it. */
export function requireStorableUrl(c: Context): void {
  if (!NUL.test(c.req.url)) return;
  if (NUL.test(c.req.path)) throw new AppError("not_found", "there is nothing whose name holds NUL");
  const [name = ""] = Object.entries(c.req.query()).find((pair) => NUL.test(pair.join())) ?? [];
  const message = "must not contain NUL";
  throw new AppError("invalid_request", `${name.replaceAll("\0", "")}: ${message}`, {
    details: { errors: [{ path: `query.${name}`, message }] },
  });
}
