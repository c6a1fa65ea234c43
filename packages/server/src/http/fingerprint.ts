import { createHash } from "node:crypto";
import type { Context } from "hono";

/** SHA-256 (hex) of method, path and body. A form that is sent again may be cut by another boundary: it doesn't count. */
export async function fingerprintOf(c: Context): Promise<string> {
  const hash = createHash("sha256").update(`${c.req.method} ${c.req.path} `);
  const body = Buffer.from(await c.req.arrayBuffer());
  const boundary = /^multipart\/.*boundary="?([^";]+)/i.exec(c.req.header("Content-Type") ?? "")?.[1];
  if (boundary === undefined) return hash.update(body).digest("hex");
  let from = 0;
  for (let at = body.indexOf(boundary); at !== -1; at = body.indexOf(boundary, from)) {
    hash.update(body.subarray(from, at)).update("\0");
    from = at + boundary.length;
  }
  return hash.update(body.subarray(from)).digest("hex");
}
