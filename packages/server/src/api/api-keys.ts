import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { apiKeyShape, createdApiKeyShape, newApiKeyShape } from "../api-keys/api-key.ts";
import { createApiKey } from "../api-keys/create-api-key.ts";
import { listApiKeys } from "../api-keys/list-api-keys.ts";
import { revokeApiKey } from "../api-keys/revoke-api-key.ts";
import { allows } from "../api-keys/scope.ts";
import { AppError } from "../app-error.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { pageQueryShape, pageShape } from "../page.ts";
import { idParams, jsonBody, jsonContent, newRouter, PROBLEMS } from "./router.ts";

const tags = ["api-keys"];

const create = createRoute({
  method: "post",
  path: "/v1/api-keys",
  operationId: "createApiKey",
  tags,
  summary: "Create an API key",
  request: jsonBody(newApiKeyShape),
  responses: { 201: jsonContent(createdApiKeyShape, "The key, shown only now."), ...PROBLEMS },
});

const list = createRoute({
  method: "get",
  path: "/v1/api-keys",
  operationId: "listApiKeys",
  tags,
  summary: "List valid API keys, newest first",
  request: { query: z.object(pageQueryShape) },
  responses: { 200: jsonContent(pageShape(apiKeyShape, "ApiKeyPage"), "A page of keys."), ...PROBLEMS },
});

const revoke = createRoute({
  method: "delete",
  path: "/v1/api-keys/{id}",
  operationId: "revokeApiKey",
  tags,
  summary: "Make an API key invalid",
  request: { params: idParams("key_0mh3k2x9a4n8c1d5e7f9g0a") },
  responses: { 204: { description: "Invalid within five seconds." }, ...PROBLEMS },
});

export function apiKeyRoutes({ apiKeys, clock }: Pick<AppDeps, "apiKeys" | "clock">) {
  return newRouter()
    .openapi(create, async (c) => {
      const { workspaceId, scopes } = c.get("principal");
      const input = c.req.valid("json");
      const beyond = input.scopes.find((scope) => !allows(scopes, scope));
      if (beyond !== undefined)
        throw new AppError("insufficient_scope", `a key can't give more than it has: this one lacks "${beyond}"`);
      return c.json(await createApiKey(apiKeys, clock, { ...input, workspaceId }), 201);
    })
    .openapi(list, async (c) => {
      const { data, ...rest } = await listApiKeys(apiKeys, c.get("principal").workspaceId, c.req.valid("query"));
      return c.json({ data: [...data], ...rest }, 200);
    })
    .openapi(revoke, async (c) => {
      const { workspaceId } = c.get("principal");
      await revokeApiKey(apiKeys, clock, { ...c.req.valid("param"), workspaceId });
      return c.body(null, 204);
    });
}
