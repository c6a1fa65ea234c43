/** What every HTTP surface puts before its routes, in this order. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import type { AppDeps } from "./app-deps.ts";
import type { AppEnv } from "./app-env.ts";
import { authenticate } from "./authenticate.ts";
import { type AudioPaths, limitBody, requireMediaType } from "./guards.ts";
import { idempotency } from "./idempotency.ts";
import type { PageSessions } from "./page-session.ts";
import { requireScope, type ScopeArea } from "./require-scope.ts";
import { requireStorableJson } from "./storable-json.ts";
import { requireStorableUrl } from "./storable-url.ts";

export type SurfaceDeps = Pick<AppDeps, "verifyApiKey" | "workspaces" | "idempotency" | "vault" | "clock"> & {
  /** One for all surfaces: a key has one allowance. */
  readonly limitRate: MiddlewareHandler<AppEnv>;
};

export type SurfaceOptions = {
  /** Absent: only keys are accepted. */
  readonly sessions?: PageSessions;
  /** Names a workspace that the key's own one made, to act in that instead. */
  readonly workspaceHeader: string;
  /** Paths that anybody may ask for. */
  readonly isPublic: (path: string, method: string) => boolean;
  /** Which scope a path needs; undefined: none. */
  readonly areaOf: (path: string) => ScopeArea | undefined;
  readonly audio?: AudioPaths;
  readonly hasIdempotencyKeys?: boolean;
  /** Paths of sound that make something: their answers are kept under idempotency keys. */
  readonly keptUploads?: ReadonlySet<string>;
};

/** @param path the routes that this is for, e.g. "/v1/*" */
export function guardSurface(app: OpenAPIHono<AppEnv>, path: string, deps: SurfaceDeps, options: SurfaceOptions): void {
  const { isPublic, areaOf, audio = new Map(), sessions, workspaceHeader, hasIdempotencyKeys = true } = options;
  const { keptUploads = new Set() } = options;
  const known =
    (middleware: MiddlewareHandler<AppEnv>): MiddlewareHandler<AppEnv> =>
    async (c, next) =>
      isPublic(c.req.path, c.req.method) ? next() : middleware(c, next);
  app.use(path, requireStorableUrl);
  app.use(path, limitBody(audio));
  app.use(path, known(authenticate({ ...deps, workspaceHeader, ...(sessions === undefined ? {} : { sessions }) })));
  app.use(path, known(deps.limitRate));
  app.use(path, known(requireScope(areaOf)));
  app.use(path, requireMediaType(audio));
  app.use(path, requireStorableJson);
  if (hasIdempotencyKeys) {
    const keepAnswers = idempotency(deps);
    // Writing down what was said changes nothing, and is too long to be held in memory.
    app.use(
      path,
      known((c, next) => (audio.has(c.req.path) && !keptUploads.has(c.req.path) ? next() : keepAnswers(c, next))),
    );
  }
}
