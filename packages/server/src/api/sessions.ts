import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import type { AppDeps } from "../http/app-deps.ts";
import type { PageSessions } from "../http/page-session.ts";
import { DEFAULT_WORKSPACE_ID } from "../workspaces/workspace.ts";
import { jsonBody, newRouter, PROBLEMS } from "./router.ts";

const signIn = createRoute({
  method: "post",
  path: "/v1/session",
  operationId: "signIn",
  tags: ["session"],
  summary: "Exchange an API key for the cookie that the page uses",
  security: [],
  request: jsonBody(z.strictObject({ apiKey: z.string().min(1).max(512) }).meta({ id: "SignIn" })),
  responses: { 204: { description: "Signed in: the answer sets a cookie." }, ...PROBLEMS },
});

const signOut = createRoute({
  method: "delete",
  path: "/v1/session",
  operationId: "signOut",
  tags: ["session"],
  summary: "Forget the page's cookie",
  security: [],
  responses: { 204: { description: "Signed out." }, ...PROBLEMS },
});

/** For browsers only; programs send their key with each request. */
export function sessionRoutes(deps: Pick<AppDeps, "verifyApiKey"> & { readonly sessions: PageSessions }) {
  return newRouter()
    .openapi(signIn, async (c) => {
      const principal = await deps.verifyApiKey(c.req.valid("json").apiKey);
      if (principal?.workspaceId !== DEFAULT_WORKSPACE_ID)
        throw new AppError("unauthorized", "the API key is not valid");
      deps.sessions.open(c, principal);
      return c.body(null, 204);
    })
    .openapi(signOut, (c) => {
      deps.sessions.close(c);
      return c.body(null, 204);
    });
}
