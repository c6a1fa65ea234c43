import { createRoute } from "@hono/zod-openapi";
import { createMiddleware } from "hono/factory";
import { type CreatedWebCall, createCall } from "../calls/create-call.ts";
import type { PlaceCallDeps } from "../calls/place-call.ts";
import type { AppDeps } from "../http/app-deps.ts";
import type { AppEnv } from "../http/app-env.ts";
import { audioUrlOf } from "../http/origin.ts";
import { createVisitorOf } from "../http/visitor-address.ts";
import { CallAllowance } from "../web-calls/call-allowance.ts";
import { startPublicCall } from "../web-calls/start-public-call.ts";
import { VisitorCalls } from "../web-calls/visitor-calls.ts";
import { newPublicWebCallShape, newWebCallShape, webCallShape } from "../web-calls/web-call.ts";
import { jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["web-calls"];
/** Where pages come without an API key. */
export const PUBLIC_WEB_CALLS = "/v1/public/web-calls";
const PREFLIGHT_LASTS_S = 600;

const createByKey = createRoute({
  method: "post",
  path: "/v1/web-calls",
  operationId: "createWebCall",
  tags,
  summary: "Get an access token for one web call",
  description:
    "For your server to ask for and your page to use: the token begins one call with one agent, once, within 30 seconds.",
  request: jsonBody(newWebCallShape),
  responses: { 201: jsonContent(webCallShape, "The token."), ...PROBLEMS },
});

const createByPage = createRoute({
  method: "post",
  path: PUBLIC_WEB_CALLS,
  operationId: "createPublicWebCall",
  tags,
  summary: "Get an access token with a public key",
  description:
    "For pages without a server of their own, such as those with the widget. Needs no API key; the page's origin must be one of the key's.",
  security: [],
  request: jsonBody(newPublicWebCallShape),
  responses: { 201: jsonContent(webCallShape, "The token."), ...PROBLEMS },
});

/** Any page may read the answer, whatever it is: it holds nothing that the key's limits don't guard. */
const openToPages = createMiddleware<AppEnv>(async (c, next) => {
  c.header("Access-Control-Allow-Origin", c.req.header("Origin") ?? "*");
  c.header("Vary", "Origin");
  c.header("Cross-Origin-Resource-Policy", "cross-origin");
  c.header("Access-Control-Expose-Headers", "Retry-After");
  if (c.req.method !== "OPTIONS") return next();
  c.header("Access-Control-Allow-Methods", "POST");
  c.header("Access-Control-Allow-Headers", "Content-Type");
  c.header("Access-Control-Max-Age", String(PREFLIGHT_LASTS_S));
  return c.body(null, 204);
});

export function webCallRoutes(deps: PlaceCallDeps & Pick<AppDeps, "documents" | "trustedProxies">) {
  const limits = {
    ofKeys: new CallAllowance(deps.clock),
    ofVisitors: new CallAllowance(deps.clock),
    visitorCalls: new VisitorCalls(),
  };
  const visitorOf = createVisitorOf(deps.trustedProxies);
  const router = newRouter();
  router.use(PUBLIC_WEB_CALLS, openToPages);
  return router
    .openapi(createByKey, async (c) => {
      const { workspaceId } = c.get("principal");
      const created = await createCall(deps, { ...c.req.valid("json"), workspaceId, pace: "real" });
      return c.json({ ...toWebCall(created), audioUrl: audioUrlOf(c, created.call.id, created.token) }, 201);
    })
    .openapi(createByPage, async (c) => {
      const wanted = { ...c.req.valid("json"), origin: c.req.header("Origin"), visitor: visitorOf(c) };
      const { missingVariables: _, ...created } = await startPublicCall({ ...deps, limits }, wanted);
      const shown = toWebCall({ ...created, missingVariables: [] });
      return c.json({ ...shown, audioUrl: audioUrlOf(c, created.call.id, created.token) }, 201);
    });
}

function toWebCall({ call, token, expiresAt, missingVariables }: CreatedWebCall) {
  const missing = missingVariables.length === 0 ? {} : { missingVariables: [...missingVariables] };
  return { callId: call.id, token, expiresAt: expiresAt.toISOString(), ...missing };
}
