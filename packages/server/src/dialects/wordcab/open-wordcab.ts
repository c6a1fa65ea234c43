/** Wordcab's API at /wordcab: every route under /v1 and, alike, under /api/v1. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../../http/app-env.ts";
import { type DialectApp, type DialectDeps, openDialect } from "../kit/open-dialect.ts";
import { addAgentRoutes } from "./agents/agent-routes.ts";
import { addApiKeyRoutes } from "./api-key-routes.ts";
import { addCallRoutes } from "./calls/call-routes.ts";
import { addChatRoutes } from "./chat/chat-routes.ts";
import { addEmbeddingRoutes } from "./embedding-routes.ts";
import { showError } from "./errors.ts";
import { addExperimentRoutes } from "./gym/experiment-routes.ts";
import { addTestSuiteRoutes } from "./gym/test-suite-routes.ts";
import { areaOf } from "./scopes.ts";
import { addSpeechRoutes } from "./speech/speech-routes.ts";
import { addTranscriptRoutes } from "./transcripts/transcript-routes.ts";
import { addUsageRoutes } from "./usage-routes.ts";
import { addWebhookRoutes } from "./webhook-routes.ts";

const MOUNT = "/wordcab";
const PREFIXES = ["/v1", "/api/v1"];
const UPLOADS: Readonly<Record<string, readonly string[]>> = {
  "/audio/transcriptions": ["multipart/form-data"],
  "/transcripts": ["application/json", "multipart/form-data"],
};

/** Names a child of the key's workspace, to act in that one. */
const WORKSPACE_HEADER = "Earshot-Workspace";

export function openWordcab(deps: DialectDeps): DialectApp {
  const app: DialectApp = new OpenAPIHono<AppEnv>();
  app.use("*", stampRequestId);
  app.route(
    "/",
    openDialect(
      deps,
      {
        showError,
        workspaceHeader: WORKSPACE_HEADER,
        isPublic: () => false,
        areaOf,
        audio: new Map(
          Object.entries(UPLOADS).flatMap(([path, types]) => bothPaths(path).map((full) => [full, types])),
        ),
        keptUploads: new Set(bothPaths("/transcripts")),
      },
      (inner) => {
        for (const prefix of PREFIXES) addRoutes(inner, prefix, deps);
      },
    ),
  );
  return app;
}

function addRoutes(app: DialectApp, prefix: string, deps: DialectDeps): void {
  addAgentRoutes(app, prefix, deps);
  addCallRoutes(app, prefix, deps);
  addWebhookRoutes(app, prefix, deps);
  addApiKeyRoutes(app, prefix, deps);
  addUsageRoutes(app, prefix, deps);
  addTranscriptRoutes(app, prefix, deps);
  addTestSuiteRoutes(app, prefix, deps);
  addExperimentRoutes(app, prefix, deps);
  addSpeechRoutes(app, prefix, deps);
  addChatRoutes(app, prefix, deps);
  addEmbeddingRoutes(app, prefix, deps);
}

function bothPaths(path: string): string[] {
  return PREFIXES.map((prefix) => `${MOUNT}${prefix}${path}`);
}

/** Wordcab's ids of requests begin with req_; the rest is what our log calls the request. */
const stampRequestId = createMiddleware<AppEnv>(async (c, next) => {
  const requestId = c.get("requestId");
  const stamped = requestId.startsWith("req_") ? requestId : `req_${requestId}`;
  c.set("requestId", stamped);
  c.header("X-Request-Id", stamped);
  await next();
});
