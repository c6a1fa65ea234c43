import { performance } from "node:perf_hooks";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import { customAlphabet } from "nanoid";
import type { AppDeps } from "./app-deps.ts";
import type { AppEnv } from "./app-env.ts";

const newRequestId = customAlphabet("0123456789abcdefghijklmnopqrstuvwxyz", 16);

/** Gives each request an id (the client's own when it sends a plain one), a log line, a span and a place in metrics. */
export function requestContext(deps: Pick<AppDeps, "log" | "metrics" | "tracer" | "publicUrl">) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const sent = c.req.header("X-Request-Id");
    const requestId = sent !== undefined && /^[\w.-]{1,64}$/.test(sent) ? sent : newRequestId();
    c.set("requestId", requestId);
    c.set("publicUrl", deps.publicUrl);
    c.header("X-Request-Id", requestId);
    const startedAtMs = performance.now();
    const span = deps.tracer.startSpan(c.req.method, { kind: SpanKind.SERVER });
    try {
      await next();
    } finally {
      const { method } = c.req;
      const { status } = c.res;
      const route = routeOf(matchedRoutes(c));
      const durationMs = performance.now() - startedAtMs;
      deps.metrics.requestServed({ method, route, status, durationMs });
      span.updateName(`${method} ${route}`);
      span.setAttributes({
        "http.request.method": method,
        "http.route": route,
        "http.response.status_code": status,
        "earshot.request.id": requestId,
      });
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
      deps.log.debug({ requestId, method, route, status, durationMs: Math.round(durationMs) }, "request served");
    }
  });
}

/** The pattern, not the path. Requests that match none share one name, lest strangers fill the metrics. */
function routeOf(matched: readonly { readonly path: string }[]): string {
  return matched.find(({ path }) => !path.includes("*"))?.path ?? "other";
}
