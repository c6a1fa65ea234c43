import { checkHealth } from "../../health/check-health.ts";
import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";

const VERSION = "1.0.0";

/** GET /health: for anybody. */
export function addHealth(
  app: DialectApp,
  { healthSources, clock }: Pick<DialectDeps, "healthSources" | "clock">,
): void {
  app.get("/api/v1/health", async (c) => {
    const startedMs = clock.now().getTime();
    const { status, checks } = await checkHealth(healthSources, clock);
    const database = checks.find(({ name }) => name === "database");
    const isOk = status === "ready";
    c.header("Cache-Control", "no-store");
    return c.json(
      {
        status: isOk ? "ok" : "degraded",
        timestamp: clock.now().toISOString(),
        version: VERSION,
        checks: {
          database: {
            status: database?.isOk === false ? "error" : "ok",
            latency_ms: clock.now().getTime() - startedMs,
          },
        },
      },
      isOk ? 200 : 503,
    );
  });
}
