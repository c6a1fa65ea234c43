import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Hono } from "hono";
import type { AppDeps } from "../http/app-deps.ts";
import type { AppEnv } from "../http/app-env.ts";

/** What pages elsewhere load: the widget, the SDK, and the sound modules of both. */
const FILES = ["widget.js", "earshot-web.js", "capture-worklet.js", "playback-worklet.js"] as const;
const NOT_BUILT =
  "console.error('Earshot: the widget has not been built. Run npm start, or npm run build -w packages/web.');\n";

/** Scripts for pages of any origin. Their names stay, so they are asked for again after five minutes. */
export function webFileRoutes({ webDirectory }: Pick<AppDeps, "webDirectory">) {
  const routes = new Hono<AppEnv>();
  for (const name of FILES)
    routes.get(`/${name}`, async (c) => {
      const script = await readFile(join(webDirectory, name), "utf8").catch(() => undefined);
      c.header("Content-Type", "text/javascript; charset=utf-8");
      c.header("Access-Control-Allow-Origin", "*");
      c.header("Cross-Origin-Resource-Policy", "cross-origin");
      c.header("Cache-Control", script === undefined ? "no-store" : "public, max-age=300");
      return script === undefined ? c.body(NOT_BUILT, 503) : c.body(script);
    });
  return routes;
}
