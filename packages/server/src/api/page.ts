import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { Hono } from "hono";
import type { AppDeps } from "../http/app-deps.ts";
import type { AppEnv } from "../http/app-env.ts";
import { isLoopbackAuthority } from "../http/guards.ts";
import type { PageSessions } from "../http/page-session.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".wav": "audio/wav",
  ".map": "application/json",
};

const NOT_BUILT =
  "<!doctype html><meta charset=utf-8><title>Earshot</title><h1>Earshot is running</h1>" +
  "<p>Its page has not been built yet. Run <code>npm start</code>, or <code>npm run build -w packages/dashboard</code>.</p>";

/**
 * The dashboard's files. Files under assets/ have their content's hash in the name and may be kept for ever; the page
 * itself is asked for anew each time, and opens the session when only this machine can ask.
 */
export function pageRoutes(deps: Pick<AppDeps, "pageDirectory" | "isLoopback"> & { readonly sessions: PageSessions }) {
  return new Hono<AppEnv>().get("/*", async (c, next) => {
    const { path } = c.req;
    if (path.startsWith("/v1/")) return next();
    if (extname(path) !== "") {
      const file = await readPageFile(deps.pageDirectory, path);
      if (file === undefined) return next();
      c.header("Content-Type", TYPES[extname(path)] ?? "application/octet-stream");
      c.header("Cache-Control", path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
      return c.body(file);
    }
    const page = await readPageFile(deps.pageDirectory, "/index.html");
    c.header("Cache-Control", "no-store");
    if (deps.isLoopback && isLoopbackAuthority(c.req.header("Host") ?? new URL(c.req.url).host))
      deps.sessions.open(c, { scopes: ["*"] });
    c.header("Content-Type", TYPES[".html"]);
    return page === undefined ? c.body(NOT_BUILT, 503) : c.body(page);
  });
}

async function readPageFile(directory: string, path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const file = normalize(join(directory, decodePath(path)));
  if (!file.startsWith(normalize(directory) + sep) || file.includes("\0")) return undefined;
  const bytes = await readFile(file).catch(() => undefined);
  return bytes === undefined ? undefined : new Uint8Array(bytes);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
