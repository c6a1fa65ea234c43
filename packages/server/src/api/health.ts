import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { checkHealth } from "../health/check-health.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { jsonContent, newRouter } from "./router.ts";

const healthShape = z
  .object({
    status: z.enum(["ready", "not_ready"]),
    checks: z.array(z.object({ name: z.string(), isOk: z.boolean(), reason: z.string().optional() })),
  })
  .meta({ id: "Health" });

const tags = ["operation"];

const health = createRoute({
  method: "get",
  path: "/health",
  operationId: "health",
  tags,
  summary: "Whether the node can take calls, and if not, why",
  security: [],
  responses: {
    200: jsonContent(healthShape, "Ready to take calls."),
    503: jsonContent(healthShape, "Not ready; the failed checks say why."),
  },
});

const ready = createRoute({
  method: "get",
  path: "/ready",
  operationId: "ready",
  tags,
  summary: "The same for load balancers, in one word",
  security: [],
  responses: {
    200: { content: { "text/plain": { schema: z.string() } }, description: "ready" },
    503: { content: { "text/plain": { schema: z.string() } }, description: "not_ready" },
  },
});

export function healthRoutes({ healthSources, clock }: Pick<AppDeps, "healthSources" | "clock">) {
  return newRouter()
    .openapi(health, async (c) => {
      const { status, checks } = await checkHealth(healthSources, clock);
      c.header("Cache-Control", "no-store");
      return c.json({ status, checks: [...checks] }, status === "ready" ? 200 : 503);
    })
    .openapi(ready, async (c) => {
      const { status } = await checkHealth(healthSources, clock);
      c.header("Cache-Control", "no-store");
      return c.text(status, status === "ready" ? 200 : 503);
    });
}
