/** What every HTTP surface puts before its routes, in this order. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppDeps } from "./app-deps.ts";
import type { AppEnv } from "./app-env.ts";
import { authenticate } from "./authenticate.ts";
import { type AudioPaths, hasBody, limitBody, requireMediaType } from "./guards.ts";
import { idempotency } from "./idempotency.ts";
import type { PageSessions } from "./page-session.ts";
import type { LimitRate } from "./rate-limit.ts";
import { requireScope, type ScopeArea } from "./require-scope.ts";
import { requireStorableJson } from "./storable-json.ts";
import { requireStorableUrl } from "./storable-url.ts";

export type SurfaceDeps = Pick<AppDeps, "verifyApiKey" | "workspaces" | "idempotency" | "vault" | "clock"> & {
  /** One for all surfaces: a key has one allowance. */
  readonly limitRate: LimitRate;
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
  const authentication = { ...deps, workspaceHeader, ...(sessions === undefined ? {} : { sessions }) };
  const limitBodySize = limitBody(audio);
  const requireType = requireMediaType(audio);
  const requireScopeOfPath = requireScope(areaOf);
  const keepAnswers = idempotency(deps);
  // Writing down what was said changes nothing, and is too long to be held in memory.
  const mayKeep = (at: string) => hasIdempotencyKeys && (!audio.has(at) || keptUploads.has(at));

  // One function and not one per guard: each that Hono runs costs a read as much as a small query.
  app.use(path, async (c, next) => {
    const isKnown = !isPublic(c.req.path, c.req.method);
    const isBodied = hasBody(c.req);
    requireStorableUrl(c);
    if (isBodied) await limitBodySize(c);
    if (isKnown) {
      await authenticate(c, authentication);
      deps.limitRate(c);
      requireScopeOfPath(c);
    }
    if (isBodied) requireType(c);
    if (c.req.method !== "GET") await requireStorableJson(c);
    return isKnown && mayKeep(c.req.path) ? keepAnswers(c, next) : next();
  });
}
