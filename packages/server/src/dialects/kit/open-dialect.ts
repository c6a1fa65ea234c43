/** What every dialect's routes begin with: an app of its own, behind the same guards, that answers errors its own way. */
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { z } from "zod";
import { AppError } from "../../app-error.ts";
import type { AppDeps } from "../../http/app-deps.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { guardSurface, type SurfaceDeps, type SurfaceOptions } from "../../http/surface.ts";
import { toAppError } from "../../http/to-app-error.ts";

export type DialectDeps = AppDeps & SurfaceDeps;
export type DialectApp = OpenAPIHono<AppEnv>;

/**
 * @param options `showError`: the vendor's answer to a failure
 * @param addRoutes adds the routes, whose paths begin after the dialect's mount point
 */
export function openDialect(
  deps: DialectDeps,
  options: SurfaceOptions & { readonly showError: (c: Context<AppEnv>, error: AppError) => Response },
  addRoutes: (app: DialectApp) => void,
): DialectApp {
  const { showError, ...surface } = options;
  const app: DialectApp = new OpenAPIHono<AppEnv>();
  app.onError((error, c) => showError(c, toAppError(error, c, deps.log)));
  guardSurface(app, "*", deps, surface);
  addRoutes(app);
  app.all("*", (c) => {
    throw new AppError("not_found", `there is nothing at ${c.req.method} ${c.req.path}`);
  });
  return app;
}

/** @throws AppError `malformed_json`, or `invalid_request` naming each wrong field */
export async function parseBody<Shape extends z.ZodType>(c: Context<AppEnv>, shape: Shape): Promise<z.output<Shape>> {
  const text = await c.req.text();
  return parseInput(shape, text.trim() === "" ? {} : JSON.parse(text), "");
}

/** @throws AppError `invalid_request` naming each wrong field */
export function parseQuery<Shape extends z.ZodType>(c: Context<AppEnv>, shape: Shape): z.output<Shape> {
  return parseInput(shape, c.req.query(), "query.");
}

/** @param prefix put before the path of each wrong field */
export function parseInput<Shape extends z.ZodType>(shape: Shape, input: unknown, prefix: string): z.output<Shape> {
  const parsed = shape.safeParse(input);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message, code }) => ({
    path: `${prefix}${path.join(".")}`,
    message,
    code,
  }));
  const [first] = errors;
  throw new AppError("invalid_request", `${first?.path || "the body"}: ${first?.message}`, { details: { errors } });
}
