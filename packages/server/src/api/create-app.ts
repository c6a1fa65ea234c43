import { isApiKeyValid } from "../api-keys/is-api-key-valid.ts";
import { AppError } from "../app-error.ts";
import { CARRIER_PATHS } from "../carriers/carrier-urls.ts";
import { docsRoutes } from "../docs-site/docs-routes.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { authenticate } from "../http/authenticate.ts";
import { loopbackHostOnly, securityHeaders, WAV_TYPES } from "../http/guards.ts";
import { createPageSessions } from "../http/page-session.ts";
import { createRateLimit } from "../http/rate-limit.ts";
import { requestContext } from "../http/request-context.ts";
import { guardSurface, type SurfaceDeps } from "../http/surface.ts";
import { toAppError } from "../http/to-app-error.ts";
import { agentVersionRoutes } from "./agent-versions.ts";
import { agentRoutes } from "./agents.ts";
import { apiKeyRoutes } from "./api-keys.ts";
import { BUNDLE_TYPES, callBundleRoutes } from "./call-bundles.ts";
import { callControlRoutes } from "./call-control.ts";
import { callEventRoutes } from "./call-events.ts";
import { callRecordingRoutes, isSignedRecordingPath, signedRecordingRoutes } from "./call-recording.ts";
import { callRoutes } from "./calls.ts";
import { campaignRoutes, leadRoutes } from "./campaigns.ts";
import { carrierAccountRoutes } from "./carrier-accounts.ts";
import { carrierCallRoutes } from "./carrier-calls.ts";
import { carrierMessageRoutes } from "./carrier-messages.ts";
import { carrierNumberRoutes } from "./carrier-numbers.ts";
import { catalogueRoutes } from "./catalogue.ts";
import { contactRoutes } from "./contacts.ts";
import { conversationRoutes } from "./conversations.ts";
import { describeApi } from "./describe-api.ts";
import { experimentRoutes, testSuiteRoutes } from "./evaluations.ts";
import { healthRoutes } from "./health.ts";
import { DOCUMENT_TYPES, knowledgeBaseRoutes, knowledgeDocumentRoutes } from "./knowledge.ts";
import { messageRoutes } from "./messages.ts";
import { optOutRoutes } from "./opt-outs.ts";
import { pageRoutes } from "./page.ts";
import { phoneNumberRoutes } from "./phone-numbers.ts";
import { toProblem } from "./problem.ts";
import { publicKeyRoutes } from "./public-keys.ts";
import { replayRoutes } from "./replays.ts";
import { newRouter, type Router } from "./router.ts";
import { areaOf } from "./scope-areas.ts";
import { secretRoutes } from "./secrets.ts";
import { sessionRoutes } from "./sessions.ts";
import { sipTrunkRoutes } from "./sip-trunks.ts";
import { speechRoutes } from "./speech.ts";
import { analysisTemplateRoutes, mcpServerRoutes, toolTemplateRoutes, workflowRoutes } from "./templates.ts";
import { transcriptRoutes } from "./transcripts.ts";
import { usageRoutes } from "./usage.ts";
import { PUBLIC_WEB_CALLS, webCallRoutes } from "./web-calls.ts";
import { webFileRoutes } from "./web-files.ts";
import { webhookDeliveryRoutes } from "./webhook-deliveries.ts";
import { webhookEndpointRoutes } from "./webhook-endpoints.ts";
import { workspaceRoutes } from "./workspaces.ts";

/** Adds surfaces besides our own API. */
type MountMore = (app: Router, deps: AppDeps & SurfaceDeps) => void;

/** Names a child of the key's workspace, to act in that one. */
const WORKSPACE_HEADER = "Earshot-Workspace";

/** The whole HTTP surface but the calls' audio. Needs no socket: `app.request("/health")` answers. */
export function createApp(deps: AppDeps, mountMore: MountMore = () => {}): Router {
  const sessions = createPageSessions(deps.clock, (id) => isApiKeyValid(deps.apiKeys, deps.clock, id));
  const surfaceDeps = {
    ...deps,
    limitRate: createRateLimit({ clock: deps.clock, requestsPerMinute: deps.rateLimit }),
  };
  const app = newRouter();

  app.use("*", requestContext(deps));
  app.use("*", securityHeaders);
  if (deps.isLoopback)
    app.use(
      "*",
      loopbackHostOnly(({ path }) => path.startsWith(CARRIER_PATHS)),
    );
  guardSurface(app, "/v1/*", surfaceDeps, {
    sessions,
    workspaceHeader: WORKSPACE_HEADER,
    isPublic: (path, method) =>
      path === "/v1/session" || path === PUBLIC_WEB_CALLS || isSignedRecordingPath(path, method),
    areaOf,
    audio: new Map([
      ["/v1/transcriptions", WAV_TYPES],
      ["/v1/calls/import", BUNDLE_TYPES],
      ["/v1/transcripts", [...WAV_TYPES, "application/json"]],
      ["/v1/knowledge-documents", DOCUMENT_TYPES],
    ]),
    keptUploads: new Set(["/v1/knowledge-documents"]),
  });

  app.route("/", agentRoutes(deps));
  app.route("/", agentVersionRoutes(deps));
  app.route("/", callRoutes(deps));
  app.route("/", callControlRoutes(deps));
  app.route("/", callEventRoutes(deps));
  app.route("/", callRecordingRoutes(deps));
  app.route("/", signedRecordingRoutes(deps));
  app.route("/", replayRoutes(deps));
  app.route("/", callBundleRoutes(deps));
  app.route("/", catalogueRoutes(deps));
  app.route("/", speechRoutes(deps));
  app.route("/", apiKeyRoutes(deps));
  app.route("/", webhookEndpointRoutes(deps));
  app.route("/", webhookDeliveryRoutes(deps));
  app.route("/", workspaceRoutes(deps));
  // Before a number of the id "available" could be meant.
  app.route("/", carrierNumberRoutes(deps));
  app.route("/", phoneNumberRoutes(deps));
  app.route("/", contactRoutes(deps));
  app.route("/", conversationRoutes(deps));
  app.route("/", messageRoutes(deps));
  app.route("/", optOutRoutes(deps));
  app.route("/", toolTemplateRoutes(deps));
  app.route("/", analysisTemplateRoutes(deps));
  app.route("/", mcpServerRoutes(deps));
  app.route("/", workflowRoutes(deps));
  app.route("/", knowledgeBaseRoutes(deps));
  app.route("/", knowledgeDocumentRoutes(deps));
  app.route("/", campaignRoutes(deps));
  app.route("/", leadRoutes(deps));
  app.route("/", sipTrunkRoutes(deps));
  app.route("/", carrierAccountRoutes(deps));
  app.route("/", carrierCallRoutes(deps));
  app.route("/", webCallRoutes(deps));
  app.route("/", publicKeyRoutes(deps));
  app.route("/", carrierMessageRoutes(deps));
  app.route("/", testSuiteRoutes(deps));
  app.route("/", experimentRoutes(deps));
  app.route("/", transcriptRoutes(deps));
  app.route("/", secretRoutes(deps));
  app.route("/", usageRoutes(deps));
  app.route("/", sessionRoutes({ verifyApiKey: deps.verifyApiKey, sessions }));
  app.route("/", healthRoutes(deps));
  mountMore(app, surfaceDeps);

  app.get("/metrics", async (c) => {
    if (!deps.isLoopback) await authenticate(c, { ...deps, sessions, workspaceHeader: WORKSPACE_HEADER });
    const headers = { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" };
    return c.body(await deps.metrics.toPrometheus(), 200, headers);
  });
  let described: string | undefined;
  const describe = () => {
    described ??= JSON.stringify(describeApi(app));
    return described;
  };
  app.get("/openapi.json", (c) => c.body(describe(), 200, { "Content-Type": "application/json" }));
  app.route("/", docsRoutes({ describe }));
  app.route("/", webFileRoutes(deps));
  app.route("/", pageRoutes({ ...deps, sessions }));

  app.notFound((c) => toProblem(c, new AppError("not_found", `there is nothing at ${c.req.method} ${c.req.path}`)));
  app.onError((error, c) => toProblem(c, toAppError(error, c, deps.log)));
  return app;
}
