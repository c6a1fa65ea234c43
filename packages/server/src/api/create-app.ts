import { AppError } from "../app-error.ts";
import { docsRoutes } from "../docs-site/docs-routes.ts";
import { agentRoutes } from "./agents.ts";
import type { ApiDeps } from "./api-deps.ts";
import { apiKeyRoutes } from "./api-keys.ts";
import { authenticate } from "./authenticate.ts";
import { callEventRoutes } from "./call-events.ts";
import { callRecordingRoutes } from "./call-recording.ts";
import { callRoutes } from "./calls.ts";
import { catalogueRoutes } from "./catalogue.ts";
import { describeApi } from "./describe-api.ts";
import { limitBody, loopbackHostOnly, requireMediaType, securityHeaders } from "./guards.ts";
import { healthRoutes } from "./health.ts";
import { pageRoutes } from "./page.ts";
import { createPageSessions } from "./page-session.ts";
import { answerError, toProblem } from "./problem.ts";
import { requestContext } from "./request-context.ts";
import { newRouter, type Router } from "./router.ts";
import { sessionRoutes } from "./sessions.ts";
import { speechRoutes } from "./speech.ts";

/** The whole HTTP surface but the calls' audio. Needs no socket: `app.request("/health")` answers. */
export function createApp(deps: ApiDeps): Router {
  const sessions = createPageSessions(deps.clock);
  const requireAuthentication = authenticate({ verifyApiKey: deps.verifyApiKey, sessions });
  const app = newRouter();

  app.use("*", requestContext(deps));
  app.use("*", securityHeaders);
  if (deps.isLoopback) app.use("*", loopbackHostOnly);
  app.use("/v1/*", limitBody);
  app.use("/v1/*", (c, next) => (c.req.path === "/v1/session" ? next() : requireAuthentication(c, next)));
  app.use("/v1/*", requireMediaType);
  if (!deps.isLoopback) app.use("/metrics", requireAuthentication);

  app.route("/", agentRoutes(deps));
  app.route("/", callRoutes(deps));
  app.route("/", callEventRoutes(deps));
  app.route("/", callRecordingRoutes(deps));
  app.route("/", catalogueRoutes(deps));
  app.route("/", speechRoutes(deps));
  app.route("/", apiKeyRoutes(deps));
  app.route("/", sessionRoutes({ verifyApiKey: deps.verifyApiKey, sessions }));
  app.route("/", healthRoutes(deps));

  app.get("/metrics", async (c) =>
    c.body(await deps.metrics.toPrometheus(), 200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" }),
  );
  const description = JSON.stringify(describeApi(app));
  app.get("/openapi.json", (c) => c.body(description, 200, { "Content-Type": "application/json" }));
  app.route("/", docsRoutes({ description }));
  app.route("/", pageRoutes({ ...deps, sessions }));

  app.notFound((c) => toProblem(c, new AppError("not_found", `there is nothing at ${c.req.method} ${c.req.path}`)));
  app.onError((error, c) => answerError(error, c, deps.log));
  return app;
}
